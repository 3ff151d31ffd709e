import { clockEventSchemas, deadlineEnd, instant, listOf, personal, underPolicy, type Same } from '@qiyue/civic-contracts';
import { DEED_KINDS } from '@qiyue/civic-domain';
import type { Fact, TimedStage, UnitYearEvent, UnitYearEventType } from '@qiyue/unit-year-domain';
import { z } from 'zod';

/*
 * Events are facts: their schemas state shape, not the limits that commands have, and drop fields that a later
 * version added. A field that is new here must be optional, or the golden files of the past no longer read.
 */
const words = z.string();
const reason = personal(z.string());
const fen = z.int();
const kind = z.enum(DEED_KINDS);

const ofYear = { unit: words, year: z.int() };
const ofMoney = { ...ofYear, reservationId: z.string(), needId: z.string() };
const ofPledge = { ...ofYear, pledgeId: z.string() };
const ofKind = { ...ofPledge, kind };
const because = z.object({ ...ofKind, reason });

const stage = z.enum(['pledging', 'published', 'fulfilling'] satisfies TimedStage[]);
const begins = { dueAt: deadlineEnd, ...underPolicy };
const onClock = clockEventSchemas(stage);

/** The `data` of each event. */
export const unitYearEventSchemas = {
  UnitYearOpened: z
    .object({ ...ofYear, ...begins, openedAt: instant, closesAt: instant })
    .meta({ description: 'The year of a department begins; its pledges are waited for' }),
  BudgetSet: z
    .object({ ...ofYear, beforeFen: fen.nullable(), amountFen: fen, reference: words })
    .meta({ description: 'How much the department may spend in the year, in fen' }),
  BudgetAdjusted: z
    .object({ ...ofYear, beforeFen: fen, deltaFen: fen, amountFen: fen, reason })
    .meta({ description: 'More or less by `deltaFen`; `amountFen` is what it comes to' }),
  FundsReserved: z.object({ ...ofMoney, amountFen: fen }).meta({ description: 'Money waits for the works of a need' }),
  ReservationResized: z
    .object({ ...ofMoney, beforeFen: fen, amountFen: fen, revision: z.int().min(0).exactOptional() })
    .meta({ description: 'The works cost more or less than was thought' }),
  FundsCommitted: z
    .object({ ...ofMoney, amountFen: fen, returnedFen: fen })
    .meta({ description: 'The works were accepted: the money is spent, what was left is available again' }),
  FundsReleased: z.object({ ...ofMoney, amountFen: fen }).meta({ description: 'The works do not come: all of it is available again' }),
  PledgeMade: z
    .object({
      ...ofKind,
      title: words,
      description: words.exactOptional(),
      community: words.exactOptional(),
      targetBy: z.string().exactOptional(),
    })
    .meta({ description: 'The department promises something for the year' }),
  PledgeAmended: z
    .object({
      ...ofPledge,
      kind: kind.exactOptional(),
      title: words.exactOptional(),
      description: words.exactOptional(),
      community: words.exactOptional(),
      targetBy: z.string().exactOptional(),
    })
    .meta({ description: 'Only what changed' }),
  PledgeWithdrawn: because.meta({ description: 'The department takes a pledge back' }),
  PledgesPublished: z
    .object({ ...ofYear, ...begins, stage: z.enum(['published', 'fulfilling']) })
    .meta({ description: 'What the department promised is for everybody; `stage` follows' }),
  PledgeLinked: z.object({ ...ofKind, needId: z.string() }).meta({ description: 'The need that is to fulfil the pledge' }),
  PledgeUnlinked: z.object({ ...ofKind, needId: z.string() }).meta({ description: 'The pledge has no need any more' }),
  PledgesUnderWay: z.object({ ...ofYear, ...begins }).meta({ description: 'Each pledge has its need; the year’s end is waited for' }),
  PledgeContested: z
    .object({ ...ofKind, community: words.nullable(), reason })
    .meta({ description: 'A community says that this is not what was promised' }),
  PledgeSettled: z
    .object({ ...ofKind, upheld: z.boolean(), reason })
    .meta({ description: 'The centre has decided a contest; `upheld` means that the pledge has failed' }),
  PledgeFulfilled: z.object({ ...ofKind, needId: z.string() }).meta({ description: 'Its need was evaluated and satisfies' }),
  PledgeFailed: z
    .object({ ...ofKind, cause: z.enum(['contest-upheld', 'year-closed']) })
    .meta({ description: 'A contest was upheld, or the year closed without its need' }),
  PledgeCarriedOver: z.object({ ...ofKind, title: words, reason }).meta({ description: 'The pledge goes over into the next year' }),
  UnitYearClosed: z
    .object({ ...ofYear, cause: z.enum(['by-hand', 'year-end']), lapsedContests: listOf(z.string()) })
    .meta({ description: 'The year is over: nothing more is promised or reserved' }),
  DeadlineApproaching: onClock.DeadlineApproaching.meta({ description: 'The reminder before the deadline of a stage' }),
  DeadlineMissed: onClock.DeadlineMissed.meta({ description: 'The deadline of a stage has passed' }),
  Escalated: onClock.Escalated.meta({ description: 'A rung of the ladder: 催办 is level 1, 通报 level 2, and so on' }),
  DeadlineMoved: onClock.DeadlineMoved.omit({ returnUntil: true })
    .extend({ cause: z.enum(['calendar', 'policy', 'calendar-and-policy']) })
    .meta({ description: 'Another calendar or policy moved the deadline' }),
} satisfies Readonly<Record<UnitYearEventType, z.ZodType>>;

export const UNIT_YEAR_EVENT_TYPES = Object.keys(unitYearEventSchemas) as readonly UnitYearEventType[];

type Wire = { readonly [T in UnitYearEventType]: z.infer<(typeof unitYearEventSchemas)[T]> };
type Domain = { readonly [T in UnitYearEventType]: Fact<T>['data'] };
/** Two-way check: events on the wire and events of the domain may not drift apart. */
export const eventsMatchDomain: Same<Wire, Domain> = true;

const facts = UNIT_YEAR_EVENT_TYPES.map((type) => z.object({ type: z.literal(type), data: unitYearEventSchemas[type] }));

/** An event as `evolve` takes it, read from outside. */
export const unitYearEventSchema = z.discriminatedUnion('type', facts as [(typeof facts)[number]]) as unknown as z.ZodType<UnitYearEvent>;
