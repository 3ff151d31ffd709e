import { calendarDay, line, listOf, name, namesCommunity, namesUnit, personal, quantity, text, type Same, shaped } from '@qiyue/civic-contracts';
import { DEED_KINDS } from '@qiyue/civic-domain';
import { ITEMS_MAX, SIDES, type Do, type PublicContractCommandType } from '@qiyue/contract-domain';
import { z } from 'zod';

const unitName = name(100);
const reason = personal(text(1000));
const PUBLIC_WORDS = 'Public, and never erased: no names, numbers or addresses of persons in it';

const itemId = z
  .string()
  .max(10)
  .regex(/^i[1-9]\d*$/, shaped('part-id'));
const content = {
  title: line(100).meta({ description: PUBLIC_WORDS }),
  kind: z.enum(DEED_KINDS).meta({ description: '`tangible` is 实事, `service` is 好事' }),
  quantity: quantity.exactOptional(),
  unit: line(20).exactOptional().meta({ description: 'What the quantity counts: 盏, 米, 场' }),
  dueOn: calendarDay.exactOptional(),
};
const duty = listOf(line(200).meta({ description: PUBLIC_WORDS }), { max: 20 });
const duties = z.strictObject({ community: duty, unit: duty });
const side = z.enum(SIDES);
const score = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);

/**
 * The body of each public command. Strict: an unknown field is refused, so a misspelt one is never lost. Text is
 * trimmed, everything else comes out as it went in.
 */
export const contractCommandSchemas = {
  propose: z.strictObject({
    unit: namesUnit(unitName),
    community: namesCommunity(name(100)),
    year: z.int().min(2000).max(2199),
    items: listOf(z.strictObject(content), { min: 1, max: ITEMS_MAX }),
    duties,
    startsOn: calendarDay,
    endsOn: calendarDay,
  }),
  sign: z.strictObject({}),
  withdraw: z.strictObject({ reason }),
  /** Any part of the terms; without any it passes here and is refused by the rules (`nothing-to-amend`). */
  amend: z.strictObject({
    items: listOf(z.strictObject({ itemId: itemId.exactOptional(), ...content }), { min: 1, max: ITEMS_MAX }).exactOptional(),
    duties: duties.exactOptional(),
    endsOn: calendarDay.exactOptional(),
    reason,
  }),
  'agree-amendment': z.strictObject({}),
  'decline-amendment': z.strictObject({ reason }),
  'finish-item': z.strictObject({ itemId }),
  evaluate: z.strictObject({
    side,
    score: score.meta({ description: '5 is best' }),
    comment: personal(text(1000)).exactOptional(),
    itemId: itemId.exactOptional(),
  }),
  terminate: z.strictObject({ reason }),
} satisfies Readonly<Record<PublicContractCommandType, z.ZodType>>;

export const PUBLIC_CONTRACT_COMMANDS = Object.keys(contractCommandSchemas) as readonly PublicContractCommandType[];

type Wire = { readonly [T in PublicContractCommandType]: z.infer<(typeof contractCommandSchemas)[T]> };
type Domain = { readonly [T in PublicContractCommandType]: Do<T>['data'] };
/** Two-way check: bodies on the wire and commands of the domain may not drift apart. */
export const commandsMatchDomain: Same<Wire, Domain> = true;
