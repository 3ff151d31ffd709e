import type { ClockView, StageTimeView } from '@qiyue/civic-views';
import type { DeedKind } from '@qiyue/civic-domain';
import type { PledgeState, Reservation, TimedStage, UnitYearStage, UnitYearStatus } from '@qiyue/unit-year-domain';

/** In fen. granted = available + reserved + committed; without a budget the first and the second are null, which is no bound. */
export interface BudgetView {
  readonly grantedFen: number | null;
  readonly reservedFen: number;
  readonly committedFen: number;
  readonly availableFen: number | null;
  /** Of the budget as it was set last. */
  readonly reference: string | null;
}

/** Money that waits for the works of a need, since when. */
export interface ReservationView extends Omit<Reservation, 'revision'> {
  readonly since: string;
}

export interface ContestView {
  readonly community: string | null;
  readonly reason: string | null;
  readonly at: string;
  /** Null while it is not settled. */
  readonly settled: { readonly upheld: boolean; readonly reason: string | null; readonly at: string } | null;
}

export interface PledgeView {
  readonly pledgeId: string;
  readonly kind: DeedKind;
  readonly title: string;
  readonly description: string | null;
  readonly community: string | null;
  readonly targetBy: string | null;
  readonly state: PledgeState;
  readonly needId: string | null;
  /** Its need was evaluated and satisfies; also of a contested one. */
  readonly fulfilledAt: string | null;
  readonly contest: ContestView | null;
  /** Why it was withdrawn or carried over. */
  readonly reason: string | null;
  readonly updatedAt: string;
}

/** A unit's year as `GET /v1/unit-years/{id}` answers it. Absent values are null, and so is what a reader may not see. Times are those of the events. */
export interface UnitYearView {
  readonly unitYearId: string;
  readonly seq: number;
  readonly unit: string;
  readonly year: number;
  readonly stage: UnitYearStage;
  readonly status: UnitYearStatus;
  readonly budget: BudgetView;
  readonly reservations: readonly ReservationView[];
  /** In the order in which they were made. */
  readonly pledges: readonly PledgeView[];
  readonly publishedAt: string | null;
  readonly closedAt: string | null;
  /** The year's end. */
  readonly closesAt: string;
  /** The deadline that runs, with its ladder. */
  readonly clock: ClockView<TimedStage> | null;
  /** Every stage with a deadline, in order. */
  readonly stages: readonly StageTimeView<TimedStage>[];
  /** The next deadline that binds somebody. */
  readonly dueAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Hash of the last record folded in. */
  readonly hash: string;
}
