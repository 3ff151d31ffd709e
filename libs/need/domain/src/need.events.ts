import type { ClockEvent, DeadlineStage, StartsDeadline, UnderPolicy } from '@qiyue/civic-domain';
import type { Evidence, FundReservation, FundSource, FundSplit, NeedContent, Score, Side } from './need.commands';

/** Who wrote the need, as the token said; under an alias, `id` is a pseudonym and `person` the token's id, sealed. */
export interface Author {
  readonly id: string;
  readonly role: string;
  readonly unit: string | null;
  readonly person?: string;
}

interface Reason {
  readonly reason: string;
}
/** Who has done what was evaluated; from rules 4 on. `kind` is left out in needs that were submitted before. */
interface Delivered {
  readonly unit: string;
  readonly kind: NeedContent['kind'];
}
interface Verdict {
  readonly score: Score;
  readonly satisfied: boolean;
  readonly comment?: string;
}
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/**
 * Every fact about a need. Seq, time and actor are the record's; `data` holds business fields only. All times are
 * ISO 8601 with +08:00. Deadlines are fields of the events that start them; one is null where the calendar does not
 * reach so far: it is provisional, and set by an import.
 */
export type NeedEvent =
  | Of<'NeedSubmitted', NeedContent & StartsDeadline & { readonly author: Author; readonly submittedAt: string; readonly claimBy: string | null }>
  /** Only what changed. */
  | Of<'NeedAmended', Partial<NeedContent>>
  | Of<'NeedWithdrawn', Reason>
  | Of<'NeedRejected', Reason>
  /**
   * `followers`: ids of all who go on following the target, as the need that the event is about names them. `persons`: of those among them that
   * are pseudonyms, the ids they stand for, sealed, in any order.
   */
  | Of<'NeedMerged', { readonly into: string; readonly followers: readonly string[] }>
  | Of<'NeedAdopted', { readonly from: string; readonly followers: readonly string[]; readonly persons?: readonly string[] }>
  | Of<'NeedUnadopted', { readonly from: string }>
  | Of<'NeedInspected', { readonly notes: string; readonly photos?: readonly string[] }>
  | Of<
      'NeedClaimed',
      StartsDeadline & {
        /** The lead department. */
        readonly unit: string;
        readonly helpers: readonly string[];
        readonly plan: string;
        readonly promisedBy?: string;
        readonly claimedAt: string;
        readonly fundBy: string | null;
        readonly returnUntil: string | null;
      }
    >
  /** `unit` is the lead that gave the need back. */
  | Of<'ClaimReturned', Reason & StartsDeadline & { readonly unit: string; readonly claimBy: string | null }>
  | Of<
      'NeedFunded',
      StartsDeadline & {
        readonly amountFen: number;
        readonly source: FundSource;
        readonly reference: string;
        /** Who funds: the actor's unit. */
        readonly unit: string | null;
        readonly doneBy: string | null;
        readonly split?: FundSplit;
        /** Where a department pays; from rules 4 on. */
        readonly reservation?: FundReservation;
      }
    >
  /** `amountFen` is what the works may cost from now on. */
  | Of<
      'FundingAdjusted',
      Reason & { readonly deltaFen: number; readonly beforeFen: number; readonly amountFen: number; readonly reservation?: FundReservation }
    >
  /** Back with `unit`, the lead. `reservation`: what is given back. */
  | Of<
      'WorksCancelled',
      Reason &
        StartsDeadline & {
          readonly unit: string;
          readonly fundBy: string | null;
          readonly returnUntil: string | null;
          readonly reservation?: FundReservation;
        }
    >
  | Of<'WorksStarted', { readonly note?: string }>
  | Of<'ProgressReported', { readonly note: string; readonly photos?: readonly string[] }>
  /** `finalCostFen`: what the works have cost, where that is less than was funded. */
  | Of<'WorksReported', { readonly evidence: readonly Evidence[]; readonly finalCostFen?: number }>
  | Of<'WorksRefused', Reason>
  /** `spentFen` of the reservation is what the department has paid. */
  | Of<
      'NeedDone',
      StartsDeadline & {
        readonly note?: string;
        readonly evaluateBy: string | null;
        readonly reservation?: FundReservation;
        readonly spentFen?: number;
      }
    >
  | Of<'ResidentEvaluated', Verdict>
  | Of<'CommunityEvaluated', Verdict>
  /** `satisfied`: both sides are. */
  | Of<
      'NeedEvaluated',
      UnderPolicy &
        Partial<Delivered> & {
          readonly residentScore: Score;
          readonly communityScore: Score;
          readonly satisfied: boolean;
          readonly closesAt: string;
        }
    >
  /** `unit` is the lead that has it again; `round` counts from 1. A reason comes only with `by-hand`. */
  | Of<
      'NeedReopened',
      StartsDeadline & {
        readonly cause: 'unsatisfied' | 'by-hand';
        readonly reason?: string;
        readonly unit: string;
        readonly round: number;
        readonly fundBy: string | null;
        readonly returnUntil: string | null;
      }
    >
  | Of<'NeedClosed', Readonly<Record<string, never>>>
  /** 吹哨: who is called to claim and until when. The community names units; unanswered, all are called, then the centre (兜底). */
  | Of<'WhistleBlown', { readonly reach: WhistleReach; readonly units: readonly string[]; readonly answerBy: string | null; readonly note?: string }>
  | Of<'ContractSigned', { readonly party: Party; readonly unit: string | null; readonly note?: string }>
  /** `unit` helps from now on: until then it was only named. */
  | Of<'HelperJoined', { readonly unit: string; readonly note?: string }>
  | Of<'ContactShared', { readonly unit: string }>
  | ClockEvent<DeadlineStage>
  /** Somebody did not evaluate in time: closed by the policy. A score is null where the side is missing. */
  | Of<
      'EvaluationLapsed',
      UnderPolicy & {
        readonly missing: readonly Side[];
        readonly residentScore: Score | null;
        readonly communityScore: Score | null;
        readonly closesAt: string;
        /** One side spoke, and was content. */
        readonly satisfied?: boolean;
      } & Partial<Delivered>
    >;

export type WhistleReach = 'named' | 'all' | 'centre';
/** 甲方 is the community, 乙方 the department. */
export type Party = 'community' | 'department';

export type NeedEventType = NeedEvent['type'];
/** One event of the union by its type. */
export type Fact<T extends NeedEventType> = Extract<NeedEvent, { type: T }>;
