import type { DeadlineStage } from '@qiyue/civic-domain';
import type { NeedContent, Side } from '@qiyue/need-domain';

/** How a stage ended: what was waited for came, the need went back to a stage before, or it was closed while it waited. */
export type StageEnd = 'came' | 'went-back' | 'broken-off';

/** One stage with a deadline, as figures count it. Instants are ISO 8601 with +08:00, those of the records. */
export interface StageTime {
  /** Counted from 1 over the whole life. */
  readonly n: number;
  readonly stage: DeadlineStage;
  /** Who was waited for by name; null on the list and at the evaluation. */
  readonly unit: string | null;
  /** Whose figure it is: the lead; on the list whoever claimed it in the end. */
  readonly lead: string | null;
  readonly from: string;
  /** As it stood last: with pauses, extensions and corrections. Null without a date. */
  readonly dueAt: string | null;
  readonly endedAt: string | null;
  readonly end: StageEnd | null;
  /** It was missed, or ended behind its date. While the clock stood still it ended when that stopped; the last instant still counts as in time. Null while it runs, without a date, and when it was broken off. */
  readonly late: boolean | null;
  /** The deadline that was missed first, as the record of it says, wherever it was moved since; null for none. */
  readonly missedAt: string | null;
  /** How long its clock stood still, in ms; of a pause that goes on nothing yet. */
  readonly pausedMs: number;
  readonly escalatedTo: number;
}

/** How an evaluation, or a rejection instead of one, closed the need. */
export interface Closing {
  /** Counted from 1 over the whole life. */
  readonly n: number;
  readonly end: 'evaluated' | 'lapsed' | 'rejected';
  readonly at: string;
  readonly lead: string | null;
  /** Sides that spoke: 0, 1 or 2. */
  readonly sides: number;
  /** All sides that spoke are. */
  readonly isSatisfied: boolean;
  readonly isReopened: boolean;
}

/** What figures need of a need, and nothing of what anybody wrote. */
export interface NeedTimes {
  readonly needId: string;
  readonly community: string;
  readonly category: string | null;
  readonly kind: NeedContent['kind'];
  readonly submittedAt: string;
  readonly lead: string | null;
  /** In order; of very long lives the newest. */
  readonly stages: readonly StageTime[];
  /** Since when the clock stands still. */
  readonly pausedSince: string | null;
  /** `n` of the stage with which it came onto the list last. */
  readonly listedIn: number;
  /** How long its clock stood still until it was done, in ms; over the whole life. */
  readonly pausedMs: number;
  /** When its works were accepted; null before, and while it is open again. */
  readonly doneAt: string | null;
  /** What those who have evaluated the running round said. */
  readonly verdicts: Readonly<Partial<Record<Side, boolean>>>;
  readonly closings: readonly Closing[];
}
