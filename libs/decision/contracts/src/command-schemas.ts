import {
  dateOrInstant,
  line,
  listOf,
  name,
  opaqueId,
  own,
  personal,
  rule,
  secretWord,
  text,
  webAddress,
  type Same,
  shaped,
} from '@qiyue/civic-contracts';
import { AMOUNT_FEN_MAX, DECISION_MATTERS } from '@qiyue/civic-domain';
import {
  AREA_CM2_MAX,
  CHANNELS,
  CHOICES,
  MEDIATION_OUTCOMES,
  ROOMS_MAX,
  STANCES,
  type Do,
  type PublicDecisionCommandType,
} from '@qiyue/decision-domain';
import { z } from 'zod';

const enumOf = <T extends string>(values: readonly T[]) => z.enum(values as readonly [T, ...T[]]);
const notes = personal(text(5000));
const reason = personal(text(1000));
const room = name(40).meta({ description: 'Number of the room as the roster has it' });
const rooms = listOf(room, { min: 1, max: ROOMS_MAX });
const fen = z.int().min(0).max(AMOUNT_FEN_MAX);
const reference = line(200);
const day = z.iso.date().refine((value) => /^(19|2[01])/.test(value), rule('calendar-date'));

const evidence = listOf(
  z
    .strictObject({ kind: line(50), url: own(webAddress).exactOptional(), text: own(text(2000)).exactOptional() })
    .refine(({ url, text: words }) => url !== undefined || words !== undefined, rule('evidence-content')),
  { min: 1, max: 20 },
);
const photos = own(listOf(webAddress, { max: 20 }));

const plan = z.strictObject({
  parts: listOf(line(60), { min: 1, max: 30 }).exactOptional().meta({ description: 'Codes of `GET /v1/decisions/parts`; required with `use-fund`' }),
  works: text(5000).meta({ description: 'What is to be done. Public, and never erased: no names, numbers or addresses of persons in it' }),
  budgetFen: fen.meta({ description: 'What it may cost, in fen' }),
  warrantyEndedOn: day.exactOptional().meta({ description: 'Last day of the warranty of the parts; required with `use-fund`' }),
  from: day.meta({ description: 'First day of the works' }),
  to: day.meta({ description: 'Last day of the works' }),
  contractor: line(200).exactOptional(),
  shares: listOf(z.strictObject({ room, parts: z.int().min(0).max(AREA_CM2_MAX) }), { min: 1, max: ROOMS_MAX })
    .exactOptional()
    .meta({ description: 'What the owners agreed to pay by, of every paying room; left out: by area' }),
});

const roster = listOf(
  z.strictObject({ room, areaCm2: z.int().min(1).max(AREA_CM2_MAX), owner: opaqueId.nullable().meta({ description: 'Opaque; null: unsold' }) }),
  { min: 1, max: ROOMS_MAX },
);
const scopes = z.strictObject({ sharing: rooms.exactOptional(), deciding: rooms.exactOptional(), paying: rooms.exactOptional() });
const onRoom = { room };

/**
 * The body of each public command. Strict: an unknown field is refused, so a misspelt one is never lost. Text is
 * trimmed and dates are normalised, everything else comes out as it went in.
 */
export const decisionCommandSchemas = {
  open: z.strictObject({
    needId: opaqueId,
    matter: z.enum(DECISION_MATTERS),
    scopes: scopes.exactOptional().meta({ description: 'Rooms that share the part, that decide and that pay; each left out: all of the roster' }),
    roster,
    plan,
    policy: line(64).exactOptional().meta({ description: 'Name of a counting rule of the policy; left out: the one for the matter' }),
    previous: opaqueId.exactOptional().meta({ description: 'A failed decision that is voted on again as this one' }),
  }),
  'hold-council': z.strictObject({ notes, attended: z.int().min(0).max(100_000) }),
  visit: z.strictObject({ ...onRoom, stance: enumOf(STANCES), notes: notes.exactOptional() }),
  object: z.strictObject({ ...onRoom, reason: own(text(1000)) }),
  mediate: z.strictObject({ ...onRoom, round: z.int().min(1).max(99), notes, outcome: enumOf(MEDIATION_OUTCOMES) }),
  'revise-plan': z.strictObject({ plan, reason }),
  'open-ballot': z.strictObject({ closesAt: dateOrInstant, channels: listOf(enumOf(CHANNELS), { min: 1, max: 2 }) }),
  vote: z
    .strictObject({
      room: room.exactOptional(),
      owner: opaqueId.exactOptional(),
      choice: secretWord(enumOf(CHOICES)),
      channel: enumOf(CHANNELS),
      evidence: evidence.exactOptional(),
    })
    .refine((vote) => (vote.room === undefined) !== (vote.owner === undefined), rule('room-or-owner')),
  'close-ballot': z.strictObject({}),
  sign: z.strictObject({ ...onRoom, evidence: evidence.exactOptional() }),
  'post-notice': z.strictObject({ days: z.int().min(1).max(365), place: line(200), photos: photos.exactOptional() }),
  challenge: z.strictObject({ reason: own(text(1000)) }),
  settle: z.strictObject({
    challengeId: z
      .string()
      .max(10)
      .regex(/^c[1-9]\d*$/, shaped('part-id')),
    upheld: z.boolean(),
    reason,
  }),
  confirm: z.strictObject({ reference: reference.exactOptional(), note: personal(text(1000)).exactOptional() }),
  cancel: z.strictObject({ reason }),
  'declare-emergency': z.strictObject({ basis: line(500), evidence }),
  draw: z.strictObject({ amountFen: z.int().min(1).max(AMOUNT_FEN_MAX), reference }),
  repay: z.strictObject({ amountFen: z.int().min(1).max(AMOUNT_FEN_MAX), reference }),
  'audit-account': z.strictObject({ reference }),
} satisfies Readonly<Record<PublicDecisionCommandType, z.ZodType>>;

export const PUBLIC_DECISION_COMMANDS = Object.keys(decisionCommandSchemas) as readonly PublicDecisionCommandType[];

type Body<T extends PublicDecisionCommandType> = z.infer<(typeof decisionCommandSchemas)[T]>;
/** Behind the edge, which has checked it, a choice is sealed text. */
type Wire = {
  readonly [T in PublicDecisionCommandType]: T extends 'vote' ? { [K in keyof Body<T>]: K extends 'choice' ? string : Body<T>[K] } : Body<T>;
};
type Domain = { readonly [T in PublicDecisionCommandType]: Do<T>['data'] };
/** Two-way check: bodies on the wire and commands of the domain may not drift apart. */
export const commandsMatchDomain: Same<Wire, Domain> = true;
