import type { DeedKind } from '@qiyue/civic-domain';
import type { ClockView, StageTimeView } from '@qiyue/civic-views';
import type { ContractStage, ContractStatus, Duties, Outcome, Score, Side, TimedStage } from '@qiyue/contract-domain';

export interface TermView {
  readonly itemId: string;
  readonly title: string;
  readonly kind: DeedKind;
  readonly quantity: number | null;
  readonly unit: string | null;
  readonly dueOn: string | null;
}
export interface ItemView extends TermView {
  readonly finishedAt: string | null;
}
export interface SignatureView {
  readonly side: Side;
  /** Who signed for it, by the id of their token. */
  readonly by: string;
  readonly at: string;
}
/** What one side wants changed: the terms as they would be. */
export interface AmendmentView {
  readonly side: Side;
  readonly reason: string | null;
  readonly items: readonly TermView[];
  readonly duties: Duties;
  readonly endsOn: string;
  readonly at: string;
}
export interface TerminationView {
  readonly side: Side;
  readonly reason: string | null;
  readonly at: string;
  readonly effectiveAt: string;
}
export interface EvaluationView {
  readonly side: Side;
  /** Null: of the whole contract. */
  readonly itemId: string | null;
  readonly score: Score;
  readonly comment: string | null;
  readonly at: string;
}

/** A contract as `GET /v1/contracts/{id}` answers it. Absent values are null, and so is what a reader may not see. Times are those of the events. */
export interface ContractView {
  readonly contractId: string;
  readonly seq: number;
  readonly unit: string;
  readonly community: string;
  readonly year: number;
  readonly stage: ContractStage;
  readonly status: ContractStatus;
  readonly proposedBy: Side;
  readonly items: readonly ItemView[];
  readonly duties: Duties;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly endsAt: string;
  readonly signatures: readonly SignatureView[];
  readonly amendment: AmendmentView | null;
  readonly termination: TerminationView | null;
  readonly evaluations: readonly EvaluationView[];
  /** Null while it has not ended. */
  readonly outcome: Outcome | null;
  /** Why it was withdrawn. */
  readonly reason: string | null;
  readonly inForceAt: string | null;
  readonly endedAt: string | null;
  /** The deadline that runs, with its ladder. */
  readonly clock: ClockView<TimedStage> | null;
  /** The deadlines for evaluations of finished items while it runs; their `stage` is the item. */
  readonly itemClocks: readonly ClockView[];
  /** Every stage with a deadline, in order. */
  readonly stages: readonly StageTimeView<TimedStage>[];
  /** The deadline of its stage; in answers the next one of all. */
  readonly dueAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Hash of the last record folded in. */
  readonly hash: string;
}

/** The deadline that ends first: that of its stage, or of an item's evaluations. */
export const nextDeadline = ({ clock, dueAt, itemClocks }: Pick<ContractView, 'clock' | 'dueAt' | 'itemClocks'>) =>
  itemClocks.reduce<{ readonly clock: ClockView | null; readonly dueAt: string | null }>(
    (first, one) => (one.dueAt !== null && (first.dueAt === null || one.dueAt < first.dueAt) ? { clock: one, dueAt: one.dueAt } : first),
    { clock, dueAt },
  );
