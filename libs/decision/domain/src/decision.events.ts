import type { ClockFact, CountingRule, DecisionMatter, MoneyEvent, MovesDeadline, StartsDeadline } from '@qiyue/civic-domain';
import type { Outcome, Tally } from './counting';
import type { Channel, Evidence, MediationOutcome, Plan, Stance } from './decision.commands';
import type { RosterEntry, Scopes } from './electorate';
import type { Terms } from './decision.terms';

/** Stages in which somebody is waited for, or in which something ends by itself. */
export type TimedStage = 'preparing' | 'voting' | 'passed' | 'noticing' | 'confirming' | 'declared' | 'emergency' | 'warranty';
export const TIMED_STAGES: readonly TimedStage[] = ['preparing', 'voting', 'passed', 'noticing', 'confirming', 'declared', 'emergency', 'warranty'];

interface OfNeed {
  readonly needId: string;
}
interface OfRoom extends OfNeed {
  readonly room: string;
}
/** As of which plan it was said: 1, 2 … */
interface OnPlan extends OfRoom {
  readonly planNumber: number;
}
interface Reason {
  readonly reason: string;
}
/** A stage that begins; `dueAt` is null where the calendar does not reach, or where there is neither calendar nor policy. */
interface Begins extends StartsDeadline {
  readonly dueAt: string | null;
}
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };
/** A step of the running deadline. */
type OnClock<T extends 'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated'> = Of<T, OfNeed & ClockFact<T, TimedStage>['data']>;
/** Each of the events that move money, with the need's id in it as it stands. */
type Money = MoneyEvent;

export type ClosingCause = 'by-hand' | 'deadline';
export type FailCause = Exclude<Outcome, 'open' | 'passed'> | 'challenge-upheld';

/**
 * Every fact about a decision. Seq, time and actor are the record's; each fact names the need, so that whoever reacts needs no other. Amounts in
 * fen, areas in cm², all times ISO 8601 with +08:00.
 */
export type DecisionEvent =
  /** `rule` and `terms` are kept: a policy that changes later changes nothing of a decision that has begun. */
  | Of<
      'DecisionOpened',
      OfNeed &
        Begins & {
          readonly community: string;
          readonly matter: DecisionMatter;
          readonly roster: readonly RosterEntry[];
          readonly scopes: Scopes;
          readonly plan: Plan;
          readonly rule: CountingRule;
          readonly terms: Terms;
          readonly previous?: string;
        }
    >
  | Of<'CouncilHeld', OfNeed & { readonly notes: string; readonly attended: number }>
  | Of<'HouseholdVisited', OnPlan & { readonly stance: Stance; readonly notes?: string }>
  | Of<'ObjectionRaised', OnPlan & Reason>
  | Of<'MediationHeld', OnPlan & { readonly round: number; readonly notes: string; readonly outcome: MediationOutcome }>
  | Of<'PlanRevised', OfNeed & Reason & { readonly planNumber: number; readonly plan: Plan }>
  | Of<'BallotOpened', OfNeed & Begins & { readonly closesAt: string; readonly channels: readonly Channel[]; readonly rosterHash: string }>
  /** `owner` null: the developer. `choice`: sealed; in records of before there was sealing the word. `replaces`: the owner's ballot of before counts no more. */
  | Of<
      'VoteCast',
      OfNeed & {
        readonly owner: string | null;
        readonly areaCm2: number;
        readonly choice: string;
        readonly channel: Channel;
        readonly replaces: boolean;
        readonly evidence?: readonly Evidence[];
      }
    >
  /** No ballot is taken any more, and they are opened and counted. `cause`: by the community before its end, or at its end. */
  | Of<'VotingEnded', OfNeed & { readonly cause: ClosingCause; readonly ballotsHash: string }>
  /** Counted. In records of before there was sealing it is the end of voting too, and names no ballots. */
  | Of<
      'BallotClosed',
      OfNeed &
        Begins & { readonly outcome: Exclude<Outcome, 'open'>; readonly tally: Tally; readonly cause: ClosingCause; readonly ballotsHash?: string }
    >
  | Of<'SignatureTaken', OfRoom & { readonly evidence?: readonly Evidence[] }>
  | Of<
      'NoticePosted',
      OfNeed & Begins & { readonly days: number; readonly place: string; readonly photos?: readonly string[]; readonly endsAt: string }
    >
  | Of<'NoticeEnded', OfNeed & Begins>
  /** `by`: who, as the record names them, or a community by its name. `isOwner`: the roster names them. */
  | Of<'DecisionChallenged', OfNeed & Reason & { readonly challengeId: string; readonly by: string; readonly isOwner: boolean }>
  | Of<'ChallengeSettled', OfNeed & Reason & { readonly challengeId: string; readonly upheld: boolean }>
  | Of<'DecisionConfirmed', OfNeed & { readonly manner: 'approval' | 'filing'; readonly reference?: string; readonly note?: string }>
  | Of<'DecisionFailed', OfNeed & { readonly cause: FailCause }>
  | Of<'DecisionCancelled', OfNeed & { readonly cause: 'by-hand' | 'need-ended'; readonly reason?: string }>
  | Of<'EmergencyDeclared', OfNeed & Begins & { readonly basis: string; readonly evidence: readonly Evidence[] }>
  /** Works and money before a vote; the notice is waited for. */
  | Of<'EmergencyConfirmed', OfNeed & Begins & { readonly reference?: string; readonly note?: string }>
  | Money
  | Of<'FundDrawn', OfNeed & { readonly amountFen: number; readonly reference: string; readonly drawnFen: number }>
  /** What was drawn too much is back in the fund; `drawnFen` is all that is still out. */
  | Of<'FundRepaid', OfNeed & { readonly amountFen: number; readonly reference: string; readonly drawnFen: number }>
  | Of<'AccountAudited', OfNeed & { readonly reference: string }>
  /** The works were accepted; the warranty of the new ones runs. */
  | Of<'WarrantyStarted', OfNeed & Begins & { readonly endsAt: string }>
  | Of<'WarrantyEnded', OfNeed>
  | OnClock<'DeadlineApproaching'>
  | OnClock<'DeadlineMissed'>
  | OnClock<'Escalated'>
  | Of<'DeadlineMoved', OfNeed & MovesDeadline<TimedStage> & { readonly cause: 'calendar' | 'policy' | 'calendar-and-policy' }>;

export type DecisionEventType = DecisionEvent['type'];
/** One event of the union by its type. */
export type Fact<T extends DecisionEventType> = Extract<DecisionEvent, { type: T }>;
