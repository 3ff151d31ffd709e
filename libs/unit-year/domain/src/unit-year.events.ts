import type { ClockFact, DeedKind, MovesDeadline, StartsDeadline } from '@qiyue/civic-domain';
import type { OfPledge, OfReservation, PledgeContent, UnitAndYear } from './unit-year.commands';

/** Stages in which somebody is waited for: until the pledges are published, until each has its need, until the year's end. */
export type TimedStage = 'pledging' | 'published' | 'fulfilling';
export const TIMED_STAGES: readonly TimedStage[] = ['pledging', 'published', 'fulfilling'];

interface Reason {
  readonly reason: string;
}
/** The money of one reservation, and the need that it is for. */
type OfMoney = UnitAndYear & OfReservation & { readonly needId: string };
/** A pledge as a reader counts it. */
type OfKind = UnitAndYear & OfPledge & { readonly kind: DeedKind };
/** A stage that begins; `dueAt` is null where the calendar does not reach, or where there is neither calendar nor policy. */
interface Begins extends StartsDeadline {
  readonly dueAt: string | null;
}
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/**
 * Every fact about a unit's year. Seq, time and actor are the record's; each fact but a deadline's names unit and year, so that a reader who counts
 * by them needs no other. Amounts in fen, all times ISO 8601 with +08:00.
 */
export type UnitYearEvent =
  /** `closesAt`: the year's end, 31 December 24:00. */
  | Of<'UnitYearOpened', UnitAndYear & Begins & { readonly openedAt: string; readonly closesAt: string }>
  /** `beforeFen` is null where none was set. */
  | Of<'BudgetSet', UnitAndYear & { readonly beforeFen: number | null; readonly amountFen: number; readonly reference: string }>
  | Of<'BudgetAdjusted', UnitAndYear & Reason & { readonly beforeFen: number; readonly deltaFen: number; readonly amountFen: number }>
  | Of<'FundsReserved', OfMoney & { readonly amountFen: number }>
  | Of<'ReservationResized', OfMoney & { readonly beforeFen: number; readonly amountFen: number; readonly revision?: number }>
  /** `returnedFen`: what of the reservation was not spent. */
  | Of<'FundsCommitted', OfMoney & { readonly amountFen: number; readonly returnedFen: number }>
  | Of<'FundsReleased', OfMoney & { readonly amountFen: number }>
  | Of<'PledgeMade', UnitAndYear & OfPledge & PledgeContent>
  /** Only what changed. */
  | Of<'PledgeAmended', UnitAndYear & OfPledge & Partial<PledgeContent>>
  | Of<'PledgeWithdrawn', OfKind & Reason>
  /** `stage` follows: `fulfilling` where each pledge has its need already, or where the day by which it should have one is over. */
  | Of<'PledgesPublished', UnitAndYear & Begins & { readonly stage: 'published' | 'fulfilling' }>
  | Of<'PledgeLinked', OfKind & { readonly needId: string }>
  | Of<'PledgeUnlinked', OfKind & { readonly needId: string }>
  /** Each pledge has its need: from here on the year's end is waited for. */
  | Of<'PledgesUnderWay', UnitAndYear & Begins>
  | Of<'PledgeContested', OfKind & Reason & { readonly community: string | null }>
  | Of<'PledgeSettled', OfKind & Reason & { readonly upheld: boolean }>
  | Of<'PledgeFulfilled', OfKind & { readonly needId: string }>
  | Of<'PledgeFailed', OfKind & { readonly cause: 'contest-upheld' | 'year-closed' }>
  | Of<'PledgeCarriedOver', OfKind & Reason & { readonly title: string }>
  /** `lapsedContests`: fulfilled pledges that were contested and not settled stay fulfilled. */
  | Of<'UnitYearClosed', UnitAndYear & { readonly cause: 'by-hand' | 'year-end'; readonly lapsedContests: readonly string[] }>
  | ClockFact<'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated', TimedStage>
  | Of<'DeadlineMoved', MovesDeadline<TimedStage> & { readonly cause: 'calendar' | 'policy' | 'calendar-and-policy' }>;

export type UnitYearEventType = UnitYearEvent['type'];
/** One event of the union by its type. */
export type Fact<T extends UnitYearEventType> = Extract<UnitYearEvent, { type: T }>;
