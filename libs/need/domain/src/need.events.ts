import type { Evidence, FundSource, NeedContent, Score } from './need.commands';

/** Who wrote the need, as the token said. */
export interface Author {
  readonly id: string;
  readonly role: string;
  readonly unit: string | null;
}

/** Version of the policy that gave the deadlines of the same event. */
interface UnderPolicy {
  readonly policy: string;
}
interface Reason {
  readonly reason: string;
}
interface Verdict {
  readonly score: Score;
  readonly satisfied: boolean;
  readonly comment?: string;
}
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/**
 * Every fact about a need. Seq, time and actor are the record's; `data` holds business fields only. All times are
 * ISO 8601 with +08:00. Deadlines are fields of the events that start them.
 */
export type NeedEvent =
  | Of<'NeedSubmitted', NeedContent & UnderPolicy & { readonly author: Author; readonly submittedAt: string; readonly claimBy: string }>
  /** Only what changed. */
  | Of<'NeedAmended', Partial<NeedContent>>
  | Of<'NeedWithdrawn', Reason>
  | Of<'NeedRejected', Reason>
  /** `followers`: ids of all who go on following `into`, the author first. */
  | Of<'NeedMerged', { readonly into: string; readonly followers: readonly string[] }>
  | Of<'NeedAdopted', { readonly from: string; readonly followers: readonly string[] }>
  | Of<'NeedUnadopted', { readonly from: string }>
  | Of<'NeedInspected', { readonly notes: string; readonly photos?: readonly string[] }>
  | Of<
      'NeedClaimed',
      UnderPolicy & {
        /** The lead department. */
        readonly unit: string;
        readonly helpers: readonly string[];
        readonly plan: string;
        readonly promisedBy?: string;
        readonly claimedAt: string;
        readonly fundBy: string;
        readonly returnUntil: string;
      }
    >
  /** `unit` is the lead that gave the need back. */
  | Of<'ClaimReturned', Reason & UnderPolicy & { readonly unit: string; readonly claimBy: string }>
  | Of<
      'NeedFunded',
      UnderPolicy & {
        readonly amountFen: number;
        readonly source: FundSource;
        readonly reference: string;
        /** Who funds: the actor's unit. */
        readonly unit: string | null;
        readonly doneBy: string;
      }
    >
  | Of<'WorksStarted', { readonly note?: string }>
  | Of<'ProgressReported', { readonly note: string; readonly photos?: readonly string[] }>
  | Of<'WorksReported', { readonly evidence: readonly Evidence[] }>
  | Of<'WorksRefused', Reason>
  | Of<'NeedDone', UnderPolicy & { readonly note?: string; readonly evaluateBy: string }>
  | Of<'ResidentEvaluated', Verdict>
  | Of<'CommunityEvaluated', Verdict>
  /** `satisfied`: both sides are. */
  | Of<
      'NeedEvaluated',
      UnderPolicy & { readonly residentScore: Score; readonly communityScore: Score; readonly satisfied: boolean; readonly closesAt: string }
    >
  /** `unit` is the lead that has it again; `round` counts from 1. A reason comes only with `by-hand`. */
  | Of<
      'NeedReopened',
      UnderPolicy & {
        readonly cause: 'unsatisfied' | 'by-hand';
        readonly reason?: string;
        readonly unit: string;
        readonly round: number;
        readonly fundBy: string;
        readonly returnUntil: string;
      }
    >
  | Of<'NeedClosed', Readonly<Record<string, never>>>;

export type NeedEventType = NeedEvent['type'];
/** One event of the union by its type. */
export type Fact<T extends NeedEventType> = Extract<NeedEvent, { type: T }>;
