import type { ClockEvent, DeadlineStage, StartsDeadline, UnderPolicy, Urgency } from '@qiyue/civic-domain';
import type {
  Correction,
  DecisionProgress,
  Evidence,
  FundReservation,
  FundSource,
  FundSplit,
  NeedContent,
  OwnersReservation,
  ReportAnswer,
  Score,
  Side,
} from './need.commands';

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
/** The owners' decision that was asked for last, where the need ends; from rules 5 on. */
interface NamesDecision {
  readonly decisionId?: string;
}
/** The project that the need is part of; from rules 5 on. */
interface InProject {
  readonly projectId?: string;
}
/** The community that it goes to, and the one that it comes from. */
interface Moves {
  readonly community?: string;
  readonly oldCommunity?: string;
}
/** What stood where a mistake was put right; null: nothing. */
export interface WasRecorded {
  readonly promisedBy?: string | null;
  readonly community?: string;
  readonly kind?: NeedContent['kind'];
  readonly category?: string | null;
  readonly urgency?: Urgency;
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
  | Of<'NeedWithdrawn', Reason & InProject & NamesDecision>
  | Of<'NeedRejected', Reason & InProject & NamesDecision>
  /**
   * `followers`: ids of all who go on following the target, as the need that the event is about names them. `persons`: of those among them that
   * are pseudonyms, the ids they stand for, sealed, in any order.
   */
  | Of<'NeedMerged', InProject & NamesDecision & { readonly into: string; readonly followers: readonly string[] }>
  | Of<'NeedAdopted', { readonly from: string; readonly followers: readonly string[]; readonly persons?: readonly string[] }>
  | Of<'NeedUnadopted', { readonly from: string }>
  | Of<'NeedInspected', { readonly notes: string; readonly photos?: readonly string[] }>
  | Of<
      'NeedClaimed',
      InProject &
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
  | Of<'ClaimReturned', InProject & Reason & StartsDeadline & { readonly unit: string; readonly claimBy: string | null }>
  | Of<
      'NeedFunded',
      InProject &
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
          /** Where the maintenance fund pays; from rules 5 on. */
          readonly owners?: OwnersReservation;
        }
    >
  /** `amountFen` is what the works may cost from now on. */
  | Of<
      'FundingAdjusted',
      Reason & {
        readonly deltaFen: number;
        readonly beforeFen: number;
        readonly amountFen: number;
        readonly reservation?: FundReservation;
        readonly owners?: OwnersReservation;
      }
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
          readonly owners?: OwnersReservation;
        } & InProject
    >
  | Of<'WorksStarted', InProject & { readonly note?: string }>
  | Of<'ProgressReported', { readonly note: string; readonly photos?: readonly string[] }>
  /** `finalCostFen`: what the works have cost, where that is less than was funded. */
  | Of<'WorksReported', { readonly evidence: readonly Evidence[]; readonly finalCostFen?: number }>
  | Of<'WorksRefused', Reason>
  /** `spentFen` of the reservation is what the department has paid, `ownersSpentFen` what the maintenance fund has. */
  | Of<
      'NeedDone',
      StartsDeadline & {
        readonly note?: string;
        readonly evaluateBy: string | null;
        readonly reservation?: FundReservation;
        readonly spentFen?: number;
        readonly owners?: OwnersReservation;
        readonly ownersSpentFen?: number;
      } & InProject
    >
  | Of<'ResidentEvaluated', Verdict>
  | Of<'CommunityEvaluated', Verdict>
  /** `satisfied`: both sides are. */
  | Of<
      'NeedEvaluated',
      UnderPolicy &
        InProject &
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
      } & InProject
    >
  | Of<'NeedClosed', Readonly<Record<string, never>>>
  /** 吹哨: who is called to claim and until when. The community names units; unanswered, all are called, then the centre (兜底). */
  | Of<'WhistleBlown', { readonly reach: WhistleReach; readonly units: readonly string[]; readonly answerBy: string | null; readonly note?: string }>
  /** 派单: to `unit`, which is waited for until `answerBy`; or from one community to another. */
  | Of<'NeedDispatched', { readonly unit?: string; readonly answerBy?: string | null; readonly reason?: string } & Moves>
  /** Only what was wrong, as it is right; `was`: what stood there. What people wrote of a place stood in the records before. */
  | Of<'NeedCorrected', Reason & Correction & { readonly was: WasRecorded }>
  /** An office has said how urgent it is: what was called an emergency is one (`to` is `emergency`), or is not. */
  | Of<'UrgencyConfirmed', { readonly from: Urgency; readonly to: Urgency; readonly reason?: string }>
  | Of<'ContractSigned', { readonly party: Party; readonly unit: string | null; readonly note?: string }>
  /** `unit` helps from now on: until then it was only named. */
  | Of<'HelperJoined', { readonly unit: string; readonly note?: string }>
  | Of<'ContactShared', { readonly unit: string }>
  /** 报到: what a called unit said. `answerBy`: until when the others have to answer; null: nobody has to, since one comes. */
  | Of<
      'UnitReportedIn',
      { readonly unit: string; readonly answer: ReportAnswer; readonly reason?: string; readonly at?: string; readonly answerBy: string | null }
    >
  /** A party member or volunteer comes. `person` is an id, sealed. */
  | Of<'VolunteerReportedIn', { readonly person: string; readonly at?: string }>
  /** The owners are asked; what they decide is in the stream of the decision. */
  | Of<'DecisionAwaited', { readonly decisionId: string }>
  | Of<'DecisionNoted', { readonly decisionId: string; readonly progress: DecisionProgress }>
  /** `stage`: where it is by then, as a project says it; `started`: its works have begun. */
  | Of<'ProjectJoined', { readonly projectId: string; readonly stage?: 'submitted' | 'claimed' | 'funded' | 'started' | 'done' | 'evaluated' }>
  | Of<'ProjectLeft', { readonly projectId: string }>
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
      } & InProject &
        Partial<Delivered>
    >;

export type WhistleReach = 'named' | 'all' | 'centre';
/** 甲方 is the community, 乙方 the department. */
export type Party = 'community' | 'department';

export type NeedEventType = NeedEvent['type'];
/** One event of the union by its type. */
export type Fact<T extends NeedEventType> = Extract<NeedEvent, { type: T }>;
