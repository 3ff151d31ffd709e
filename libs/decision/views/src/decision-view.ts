import type { ClockView, StageTimeView } from '@qiyue/civic-views';
import type { CountingRule, DecisionMatter, Reservation } from '@qiyue/civic-domain';
import type {
  Channel,
  DecisionStage,
  DecisionStatus,
  Evidence,
  FailCause,
  MediationOutcome,
  Stance,
  Tally,
  Terms,
  TimedStage,
  Turnout,
} from '@qiyue/decision-domain';

/** What is to be done; `at` since when it is the plan, `reason` why it took the place of another. */
export interface PlanView {
  readonly number: number;
  readonly parts: readonly string[];
  readonly works: string;
  readonly budgetFen: number;
  readonly warrantyEndedOn: string | null;
  readonly from: string;
  readonly to: string;
  readonly contractor: string | null;
  readonly splitBy: 'area' | 'agreed-shares';
  readonly reason: string | null;
  readonly at: string;
}

/** A row of the roster: which of the three lists it is in, and what it pays. */
export interface RoomView {
  readonly room: string;
  readonly areaCm2: number;
  readonly owner: string | null;
  readonly shares: boolean;
  readonly decides: boolean;
  readonly pays: boolean;
  /** Null for one that does not pay. */
  readonly shareFen: number | null;
}

/** How the numbers of the tally come about: whom they are of, and what they have to reach as the votes stand. */
export interface CountingView {
  readonly rooms: number;
  readonly decidingRooms: number;
  /** Owners of more than one room, who are one head each. */
  readonly severalRooms: number;
  /** One head together. */
  readonly unsoldRooms: number;
  readonly unsoldAreaCm2: number;
  readonly neededPartAreaCm2: number;
  readonly neededPartHeads: number;
  readonly neededAgreeAreaCm2: number;
  readonly neededAgreeHeads: number;
}

export interface BallotView {
  readonly owner: string | null;
  readonly areaCm2: number;
  /** Sealed as the event has it; opened for those who may see it. */
  readonly choice: string | null;
  readonly channel: Channel;
  readonly evidence: readonly Evidence[];
  readonly at: string;
}
interface OnPlan {
  readonly room: string;
  readonly planNumber: number;
  readonly at: string;
}
export interface VisitView extends OnPlan {
  readonly stance: Stance;
  readonly notes: string | null;
}
export interface ObjectionView extends OnPlan {
  readonly reason: string | null;
}
export interface MediationView extends OnPlan {
  readonly round: number;
  readonly outcome: MediationOutcome;
  readonly notes: string | null;
}
export interface ChallengeView {
  readonly challengeId: string;
  readonly reason: string | null;
  readonly at: string;
  readonly settled: { readonly upheld: boolean; readonly reason: string | null; readonly at: string } | null;
}

/** As `Tally`; how many agree is null while nobody has opened the ballots. */
export interface TallyView extends Turnout, Pick<Tally, 'quorum' | 'outcome'> {
  readonly agreeAreaCm2: number | null;
  readonly agreeHeads: number | null;
  readonly approval: boolean | null;
}

/** In fen. budget = available + reserved + committed; draws are out of what is reserved and committed, and what is drawn beyond that is owed. */
export interface FundView {
  readonly budgetFen: number;
  readonly reservedFen: number;
  readonly committedFen: number;
  readonly availableFen: number;
  readonly drawnFen: number;
  readonly owedFen: number;
}

/** A decision as `GET /v1/decisions/{id}` answers it. Absent values are null, and so is what a reader may not see. Times are those of the events. */
export interface DecisionView {
  readonly decisionId: string;
  readonly seq: number;
  readonly needId: string;
  readonly community: string;
  readonly matter: DecisionMatter;
  /** The failed decision that this one takes up again. */
  readonly previous: string | null;
  readonly stage: DecisionStage;
  readonly status: DecisionStatus;
  readonly plan: PlanView;
  /** Those of before, oldest first. */
  readonly plans: readonly PlanView[];
  readonly roster: readonly RoomView[];
  /** Since the ballot opened. */
  readonly rosterHash: string | null;
  readonly rule: CountingRule;
  readonly terms: Terms;
  readonly tally: TallyView;
  readonly counting: CountingView;
  readonly ballot: {
    readonly openedAt: string;
    readonly closesAt: string;
    readonly channels: readonly Channel[];
    readonly closedAt: string | null;
    readonly cause: 'by-hand' | 'deadline' | null;
  } | null;
  /** One of each owner who has voted, the last one that counts. */
  readonly ballots: readonly BallotView[];
  readonly councils: readonly { readonly notes: string | null; readonly attended: number; readonly at: string }[];
  readonly visits: readonly VisitView[];
  readonly objections: readonly ObjectionView[];
  readonly mediations: readonly MediationView[];
  readonly signatures: readonly { readonly room: string; readonly evidence: readonly Evidence[]; readonly at: string }[];
  readonly notice: {
    readonly days: number;
    readonly place: string;
    readonly photos: readonly string[];
    readonly postedAt: string;
    readonly endsAt: string;
    readonly endedAt: string | null;
  } | null;
  readonly challenges: readonly ChallengeView[];
  readonly emergency: {
    readonly basis: string;
    readonly evidence: readonly Evidence[];
    readonly declaredAt: string;
    readonly confirmedAt: string | null;
  } | null;
  readonly confirmation: {
    readonly manner: 'approval' | 'filing' | 'emergency';
    readonly reference: string | null;
    readonly note: string | null;
    readonly at: string;
  } | null;
  readonly failedBy: FailCause | null;
  readonly cancelled: { readonly cause: 'by-hand' | 'need-ended'; readonly reason: string | null; readonly at: string } | null;
  readonly fund: FundView;
  readonly reservations: readonly (Omit<Reservation, 'revision'> & { readonly since: string })[];
  readonly draws: readonly { readonly amountFen: number; readonly reference: string; readonly at: string }[];
  readonly repayments: DecisionView['draws'];
  readonly audit: { readonly reference: string; readonly at: string } | null;
  readonly warranty: { readonly startedAt: string; readonly endsAt: string; readonly endedAt: string | null } | null;
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
