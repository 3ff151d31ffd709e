import { DEED_KINDS, AMOUNT_FEN_MAX } from '@qiyue/civic-domain';
import type { PublicNeedCommand, PublicNeedCommandType } from '@qiyue/need-domain';
import { z } from 'zod';
import {
  dateOrInstant,
  line,
  listOf,
  name,
  namesCommunity,
  namesUnit,
  opaqueId,
  own,
  ownContact,
  personal,
  quantity,
  rule,
  text,
  webAddress,
  type Same,
} from '@qiyue/civic-contracts';

const unitName = name(100);
const otherUnit = namesUnit(name(100));
const note = personal(text(5000));
const reason = personal(text(1000));
const photos = own(listOf(webAddress, { max: 20 }));

/** Who names a thing and no more means one of it. */
const item = z.strictObject({
  name: line(100),
  quantity: quantity.default(1),
  unit: line(20).default('个'),
});

const fields = {
  title: line(200).meta({ description: 'Public, and never erased: no names, numbers or addresses of persons in it' }),
  description: own(text(5000)),
  kind: z.enum(DEED_KINDS),
  category: line(50),
  urgency: z.enum(['normal', 'urgent', 'emergency']),
  items: listOf(item, { min: 1, max: 100 }),
  community: namesCommunity(name(100)),
  compound: own(line(100)),
  location: z.strictObject({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) }).nullable(),
  contact: ownContact(line(200)),
  scope: z.enum(['common', 'private']),
  photos,
};

const optional = {
  description: fields.description.exactOptional(),
  category: fields.category.exactOptional(),
  urgency: fields.urgency.exactOptional(),
  compound: fields.compound.exactOptional(),
  location: fields.location.exactOptional(),
  contact: fields.contact.exactOptional(),
  scope: fields.scope.exactOptional(),
  photos: fields.photos.exactOptional(),
};

const evidence = z
  .strictObject({ kind: line(50), url: own(webAddress).exactOptional(), text: own(text(5000)).exactOptional() })
  .refine(({ url, text: words }) => url !== undefined || words !== undefined, rule('evidence-content'));

/** Of an amount, in fen. */
const part = z.int().min(0).max(AMOUNT_FEN_MAX);
const sumOf = (split: { readonly [part: string]: number | undefined }): number =>
  Object.values(split).reduce<number>((sum, fen) => sum + (fen ?? 0), 0);

const because = z.strictObject({ reason });

/**
 * The body of each public command. Strict: an unknown field is refused, so a misspelt one is never lost. Text is
 * trimmed and dates are normalised, everything else comes out as it went in.
 */
export const needCommandSchemas = {
  submit: z.strictObject({ title: fields.title, kind: fields.kind, items: fields.items, community: fields.community, ...optional }),
  /** Any part of submit; an empty body passes here and is refused by the rules (`nothing-to-amend`). */
  amend: z.strictObject({
    title: fields.title.exactOptional(),
    kind: fields.kind.exactOptional(),
    items: fields.items.exactOptional(),
    community: fields.community.exactOptional(),
    ...optional,
  }),
  /** Why somebody takes their need back is their own word, unlike the reasons of offices. */
  withdraw: z.strictObject({ reason: own(text(1000)) }),
  reject: because,
  merge: z.strictObject({ into: opaqueId }),
  inspect: z.strictObject({ notes: note, photos: photos.exactOptional() }),
  claim: z.strictObject({
    unit: unitName,
    plan: text(5000),
    promisedBy: dateOrInstant.exactOptional(),
    helpers: listOf(otherUnit, { max: 20 }).exactOptional(),
  }),
  return: because,
  fund: z
    .strictObject({
      amountFen: z.int().min(0).max(AMOUNT_FEN_MAX),
      source: z.enum(['department', 'maintenance-fund', 'donation', 'mixed', 'rework']),
      reference: line(200),
      decisionId: opaqueId.exactOptional(),
      split: z
        .strictObject({ departmentFen: part.exactOptional(), donationFen: part.exactOptional(), fundFen: part.exactOptional() })
        .exactOptional(),
    })
    .refine(({ amountFen, source }) => (source === 'rework') === (amountFen === 0), { ...rule('rework-amount'), path: ['amountFen'] })
    .refine(({ source, split }) => split === undefined || source === 'mixed', { ...rule('split-mixed'), path: ['split'] })
    .refine(({ amountFen, split }) => split === undefined || sumOf(split) === amountFen, { ...rule('split-sum'), path: ['split'] }),
  'adjust-funding': z.strictObject({
    deltaFen: z
      .int()
      .min(-AMOUNT_FEN_MAX)
      .max(AMOUNT_FEN_MAX)
      .refine((delta) => delta !== 0, rule('not-zero')),
    reason,
  }),
  'cancel-works': because,
  start: z.strictObject({ note: note.exactOptional() }),
  progress: z.strictObject({ note, photos: photos.exactOptional() }),
  complete: z.strictObject({ evidence: listOf(evidence, { min: 1, max: 50 }), finalCostFen: part.exactOptional() }),
  accept: z.strictObject({ note: note.exactOptional() }),
  'refuse-works': because,
  evaluate: z.strictObject({
    side: z.enum(['resident', 'community']),
    score: z.literal([1, 2, 3, 4, 5]),
    satisfied: z.boolean(),
    comment: own(text(2000)).exactOptional(),
  }),
  reopen: because,
  whistle: z.strictObject({ units: listOf(otherUnit, { min: 1, max: 50 }), answerBy: dateOrInstant.exactOptional(), note: note.exactOptional() }),
  /** Either to a unit, with or without a date, or to a community. */
  dispatch: z
    .strictObject({
      unit: otherUnit.exactOptional(),
      community: fields.community.exactOptional(),
      answerBy: dateOrInstant.exactOptional(),
      reason: reason.exactOptional(),
    })
    .refine(({ unit, community }) => (unit === undefined) !== (community === undefined), { ...rule('unit-or-community'), path: ['unit'] })
    .refine(({ unit, answerBy }) => unit !== undefined || answerBy === undefined, { ...rule('answer-of-unit'), path: ['answerBy'] }),
  correct: z.strictObject({
    promisedBy: dateOrInstant.exactOptional(),
    community: fields.community.exactOptional(),
    compound: optional.compound,
    location: optional.location,
    kind: fields.kind.exactOptional(),
    category: optional.category,
    urgency: optional.urgency,
    reason,
  }),
  'confirm-urgency': z.strictObject({ urgency: fields.urgency, reason: reason.exactOptional() }),
  sign: z.strictObject({ note: note.exactOptional() }),
  pause: z.strictObject({ waitingFor: personal(line(200)), reason: reason.exactOptional() }),
  resume: z.strictObject({ note: note.exactOptional() }),
  /** At most what the policy allows, which the rules know. */
  'request-extension': z.strictObject({ workingDays: z.int().min(1).max(1000), reason }),
  grant: z.strictObject({ note: note.exactOptional() }),
  deny: because,
  join: z.strictObject({ note: note.exactOptional() }),
  'share-contact': z.strictObject({ unit: otherUnit }),
  /** Why it is not a unit's business, or when it comes later, has to be said. */
  'report-in': z
    .strictObject({
      answer: z.enum(['coming', 'not-ours', 'later']),
      reason: reason.exactOptional(),
      at: dateOrInstant.exactOptional(),
      person: own(line(100)).exactOptional(),
    })
    .refine(({ answer, reason: why }) => answer !== 'not-ours' || why !== undefined, { ...rule('reason-for-not-ours'), path: ['reason'] })
    .refine(({ answer, at }) => answer !== 'later' || at !== undefined, { ...rule('later-when'), path: ['at'] }),
  'leave-project': z.strictObject({ projectId: opaqueId }),
} satisfies Readonly<Record<PublicNeedCommandType, z.ZodType>>;

export const PUBLIC_NEED_COMMANDS = Object.keys(needCommandSchemas) as readonly PublicNeedCommandType[];

export const isPublicNeedCommand = (type: string): type is PublicNeedCommandType => Object.hasOwn(needCommandSchemas, type);

type Wire = { readonly [T in PublicNeedCommandType]: z.infer<(typeof needCommandSchemas)[T]> };
type Domain = { readonly [T in PublicNeedCommandType]: Extract<PublicNeedCommand, { type: T }>['data'] };
/** Two-way check: bodies on the wire and commands of the domain may not drift apart. */
export const commandsMatchDomain: Same<Wire, Domain> = true;
