import { clockEventSchemas, deadlineEnd, instant, listOf, personal, underPolicy, type Same } from '@qiyue/civic-contracts';
import { DEED_KINDS } from '@qiyue/civic-domain';
import { SIDES, type ContractEvent, type ContractEventType, type Fact } from '@qiyue/contract-domain';
import { z } from 'zod';

/*
 * Events are facts: their schemas state shape, not the limits that commands have, and drop fields that a later
 * version added. A field that is new here must be optional, or the golden files of the past no longer read.
 */
const words = z.string();
const reason = personal(z.string());
const day = z.string();

const parties = { unit: words, community: words, year: z.int() };
const side = z.enum(SIDES);
const bySide = { ...parties, side };
const because = { ...bySide, reason };
const items = listOf(
  z.object({
    itemId: z.string(),
    title: words,
    kind: z.enum(DEED_KINDS),
    quantity: z.number().exactOptional(),
    unit: words.exactOptional(),
    dueOn: day.exactOptional(),
  }),
);
const duties = z.object({ community: listOf(words), unit: listOf(words) });
const dates = { startsOn: day, endsOn: day };
const itemIds = listOf(z.string());
const score = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);

const begins = { dueAt: deadlineEnd, ...underPolicy };
const onClock = clockEventSchemas(words);

/** The `data` of each event. */
export const contractEventSchemas = {
  ContractProposed: z
    .object({ ...bySide, items, duties, ...dates, endsAt: instant, ...begins })
    .meta({ description: 'A unit and a community are to be paired for a year; both signatures are waited for' }),
  SignatureGiven: z.object(bySide).meta({ description: 'One side has signed the terms as they stand' }),
  ContractInForce: z
    .object({ ...parties, ...dates, items, ...begins })
    .meta({ description: 'Both sides have signed. Names every item that was agreed on' }),
  ContractWithdrawn: z.object(because).meta({ description: 'It will not be signed' }),
  AmendmentProposed: z
    .object({ ...because, items: items.exactOptional(), duties: duties.exactOptional(), endsOn: day.exactOptional() })
    .meta({ description: 'One side wants other terms; what is left out stays' }),
  AmendmentDeclined: z.object(because).meta({ description: 'The other side does not want them, or the one that did takes its wish back' }),
  ContractAmended: z
    .object({ ...parties, ...dates, items, duties, endsAt: instant, droppedItems: itemIds, stage: z.enum(['proposed', 'in-force']) })
    .meta({ description: 'Both sides agree on these terms, from here on, whole. Before it is in force both have to sign them again' }),
  ItemFinished: z
    .object({ ...bySide, itemId: z.string(), deadline: underPolicy.deadline })
    .meta({ description: 'An item is done; both sides are to evaluate it' }),
  SideEvaluated: z
    .object({ ...bySide, score, comment: personal(z.string()).exactOptional(), itemId: z.string().exactOptional() })
    .meta({ description: 'The community scored the unit, or the unit the community: for an item, or for the whole contract' }),
  TerminationGiven: z
    .object({ ...because, effectiveAt: instant })
    .meta({ description: 'One side gives notice; the contract goes on until it takes effect' }),
  ContractTerminated: z.object(bySide).meta({ description: 'The notice is over, and the contract with it' }),
  ContractEnded: z
    .object({ ...parties, unfinished: itemIds, ...begins })
    .meta({ description: 'Its last day is over; both sides are to evaluate it' }),
  ContractClosed: z
    .object({ ...parties, cause: z.enum(['evaluated', 'lapsed', 'unsigned']) })
    .meta({ description: 'All evaluations are there, or they were waited for long enough, or it was never signed by its last day' }),
  DeadlineApproaching: onClock.DeadlineApproaching.meta({ description: 'The reminder before the deadline of a stage, or of an item’s evaluations' }),
  DeadlineMissed: onClock.DeadlineMissed.meta({ description: 'The deadline of a stage, or of an item’s evaluations, has passed' }),
  Escalated: onClock.Escalated.meta({ description: 'A rung of the ladder: 催办 is level 1, 通报 level 2, and so on' }),
  DeadlineMoved: onClock.DeadlineMoved.omit({ returnUntil: true }).meta({
    description: 'Another calendar or policy, or another last day, moved the deadline',
  }),
} satisfies Readonly<Record<ContractEventType, z.ZodType>>;

export const CONTRACT_EVENT_TYPES = Object.keys(contractEventSchemas) as readonly ContractEventType[];

type Wire = { readonly [T in ContractEventType]: z.infer<(typeof contractEventSchemas)[T]> };
type Domain = { readonly [T in ContractEventType]: Fact<T>['data'] };
/** Two-way check: events on the wire and events of the domain may not drift apart. */
export const eventsMatchDomain: Same<Wire, Domain> = true;

const facts = CONTRACT_EVENT_TYPES.map((type) => z.object({ type: z.literal(type), data: contractEventSchemas[type] }));

/** An event as `evolve` takes it, read from outside. */
export const contractEventSchema = z.discriminatedUnion('type', facts as [(typeof facts)[number]]) as unknown as z.ZodType<ContractEvent>;
