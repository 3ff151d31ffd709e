import { dateOrInstant, line, name, namesCommunity, opaqueId, personal, text, type Same, shaped } from '@qiyue/civic-contracts';
import { AMOUNT_FEN_MAX, DEED_KINDS } from '@qiyue/civic-domain';
import type { Do, PublicUnitYearCommandType } from '@qiyue/unit-year-domain';
import { z } from 'zod';

const unitName = name(100);
const reason = personal(text(1000));
const PUBLIC_WORDS = 'Public, and never erased: no names, numbers or addresses of persons in it';

const fields = {
  kind: z.enum(DEED_KINDS).meta({ description: '`tangible` is 实事, `service` is 好事' }),
  title: line(200).meta({ description: PUBLIC_WORDS }),
  description: text(2000).meta({ description: PUBLIC_WORDS }),
  community: namesCommunity(unitName.meta({ description: 'Whom it is for; left out: the whole county' })),
  targetBy: dateOrInstant.meta({ description: 'At most the year’s end' }),
};

/** `p1`, `p2` … as the unit-year shows them. */
const pledgeId = z
  .string()
  .max(10)
  .regex(/^p[1-9]\d*$/, shaped('part-id'));
const onPledge = { pledgeId };
const because = z.strictObject({ ...onPledge, reason });

/**
 * The body of each public command. Strict: an unknown field is refused, so a misspelt one is never lost. Text is
 * trimmed and dates are normalised, everything else comes out as it went in.
 */
export const unitYearCommandSchemas = {
  open: z.strictObject({ unit: unitName, year: z.int().min(2000).max(2199) }),
  'set-budget': z.strictObject({ amountFen: z.int().min(0).max(AMOUNT_FEN_MAX), reference: line(200) }),
  /** By zero passes here and is refused by the rules. */
  'adjust-budget': z.strictObject({ deltaFen: z.int().min(-AMOUNT_FEN_MAX).max(AMOUNT_FEN_MAX), reason }),
  pledge: z.strictObject({
    kind: fields.kind,
    title: fields.title,
    description: fields.description.exactOptional(),
    community: fields.community.exactOptional(),
    targetBy: fields.targetBy.exactOptional(),
  }),
  /** Any part of a pledge; without any it passes here and is refused by the rules (`nothing-to-amend`). */
  'amend-pledge': z.strictObject({
    ...onPledge,
    kind: fields.kind.exactOptional(),
    title: fields.title.exactOptional(),
    description: fields.description.exactOptional(),
    community: fields.community.exactOptional(),
    targetBy: fields.targetBy.exactOptional(),
  }),
  'withdraw-pledge': because,
  publish: z.strictObject({}),
  link: z.strictObject({ ...onPledge, needId: opaqueId }),
  unlink: z.strictObject(onPledge),
  contest: because,
  settle: z.strictObject({
    ...onPledge,
    upheld: z.boolean().meta({ description: 'True: the community is right, and the pledge has failed' }),
    reason,
  }),
  'carry-over': because,
  close: z.strictObject({}),
} satisfies Readonly<Record<PublicUnitYearCommandType, z.ZodType>>;

export const PUBLIC_UNIT_YEAR_COMMANDS = Object.keys(unitYearCommandSchemas) as readonly PublicUnitYearCommandType[];

type Wire = { readonly [T in PublicUnitYearCommandType]: z.infer<(typeof unitYearCommandSchemas)[T]> };
type Domain = { readonly [T in PublicUnitYearCommandType]: Do<T>['data'] };
/** Two-way check: bodies on the wire and commands of the domain may not drift apart. */
export const commandsMatchDomain: Same<Wire, Domain> = true;
