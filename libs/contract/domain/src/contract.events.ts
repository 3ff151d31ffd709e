import type { ClockFact, Schedule, StartsDeadline } from '@qiyue/civic-domain';
import type { Duties, Evaluation, Item, OfItem, Parties, Side } from './contract.commands';

/** Stages in which somebody is waited for: until both have signed, until the contract's end, until both have evaluated. */
export type TimedStage = 'proposed' | 'in-force' | 'evaluating';
export const TIMED_STAGES: readonly TimedStage[] = ['proposed', 'in-force', 'evaluating'];

interface BySide {
  readonly side: Side;
}
interface Reason {
  readonly reason: string;
}
/** A stage that begins; `dueAt` is null where the calendar does not reach, or where there is neither calendar nor policy. */
interface Begins extends StartsDeadline {
  readonly dueAt: string | null;
}
interface Dates {
  readonly startsOn: string;
  readonly endsOn: string;
}
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/**
 * Every fact about a contract. Seq, time and actor are the record's; each fact but a deadline's names unit, community and year, so that a reader who counts
 * by them needs no other. Days `YYYY-MM-DD`, all times ISO 8601 with +08:00.
 */
export type ContractEvent =
  /** `endsAt`: 24:00 of the last day. */
  | Of<'ContractProposed', Parties & BySide & Dates & Begins & { readonly items: readonly Item[]; readonly duties: Duties; readonly endsAt: string }>
  | Of<'SignatureGiven', Parties & BySide>
  /** Both have signed. Names every item, so that what follows from one needs no other event. */
  | Of<'ContractInForce', Parties & Dates & Begins & { readonly items: readonly Item[] }>
  | Of<'ContractWithdrawn', Parties & BySide & Reason>
  | Of<'AmendmentProposed', Parties & BySide & Reason & { readonly items?: readonly Item[]; readonly duties?: Duties; readonly endsOn?: string }>
  | Of<'AmendmentDeclined', Parties & BySide & Reason>
  /** The terms from here on, whole. `droppedItems`: ids of those that are no longer among them. Signatures of before it was in force are void. */
  | Of<
      'ContractAmended',
      Parties &
        Dates & {
          readonly items: readonly Item[];
          readonly duties: Duties;
          readonly endsAt: string;
          readonly droppedItems: readonly string[];
          readonly stage: 'proposed' | 'in-force';
        }
    >
  /** `deadline`: for both sides' evaluations of it. Left out: all is evaluated by then, or there is neither calendar nor policy. */
  | Of<'ItemFinished', Parties & BySide & OfItem & { readonly deadline?: Schedule }>
  | Of<'SideEvaluated', Parties & Evaluation>
  | Of<'TerminationGiven', Parties & BySide & Reason & { readonly effectiveAt: string }>
  | Of<'ContractTerminated', Parties & BySide>
  /** The last day is over, evaluations are waited for. `unfinished`: ids of items that nobody has finished. */
  | Of<'ContractEnded', Parties & Begins & { readonly unfinished: readonly string[] }>
  /** `evaluated`: all evaluations are there; `lapsed`: they were waited for long enough; `unsigned`: its last day came before the second signature. */
  | Of<'ContractClosed', Parties & { readonly cause: 'evaluated' | 'lapsed' | 'unsigned' }>
  /** `stage`: that of the contract, or the id of the item whose evaluations are waited for. */
  | ClockFact<'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated' | 'DeadlineMoved'>;

export type ContractEventType = ContractEvent['type'];
/** One event of the union by its type. */
export type Fact<T extends ContractEventType> = Extract<ContractEvent, { type: T }>;
