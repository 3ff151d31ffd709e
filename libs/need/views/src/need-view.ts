import type { DeadlineStage, Location } from '@qiyue/civic-domain';
import type { ClockView, StageTimeView } from '@qiyue/civic-views';
import type {
  Adoption,
  Author,
  Evidence,
  FundSource,
  FundSplit,
  NeedContent,
  NeedItem,
  NeedStage,
  NeedStatus,
  OwnersDecision,
  Score,
  Side,
} from '@qiyue/need-domain';
import type { Omitted } from './bounded';
import type { ContractView, VolunteerView, WhistleView } from './parties-view';

/** One funding; a reopened need is funded again, so there may be one per round. */
export interface FundingView {
  readonly round: number;
  /** As it was adjusted last. */
  readonly amountFen: number;
  readonly source: FundSource;
  readonly reference: string;
  readonly unit: string | null;
  readonly at: string;
  readonly split?: FundSplit;
  /** Which allows what the maintenance fund pays. */
  readonly decisionId?: string;
  /** What the works have cost, where that was reported. */
  readonly finalCostFen?: number;
  /** The works do not come; what was reserved is given back. */
  readonly cancelledAt?: string;
}
export interface EvidenceView {
  readonly round: number;
  readonly kind: Evidence['kind'];
  readonly url: string | null;
  readonly text: string | null;
  readonly at: string;
}
export interface ProgressView {
  readonly round: number;
  readonly note: string | null;
  readonly photos: readonly string[];
  readonly at: string;
}
export interface InspectionView {
  readonly notes: string | null;
  readonly photos: readonly string[];
  readonly at: string;
}
export interface EvaluationView {
  readonly score: Score;
  readonly satisfied: boolean;
  readonly comment: string | null;
  readonly at: string;
}
/** The deadlines that run now; null for those that do not. ISO 8601 with +08:00. */
export interface DeadlinesView {
  readonly claimBy: string | null;
  readonly fundBy: string | null;
  readonly returnUntil: string | null;
  readonly doneBy: string | null;
  readonly evaluateBy: string | null;
  readonly closesAt: string | null;
}

/** An evaluation that was closed without one or both sides. */
export interface LapseView {
  readonly missing: readonly Side[];
  readonly at: string;
}

/** A need as `GET /v1/needs/{id}` answers it. Absent values are null, and so is what people wrote for those who may not see it. Times are those of the events, never of processing. */
export interface NeedView {
  readonly needId: string;
  readonly seq: number;
  readonly stage: NeedStage;
  readonly status: NeedStatus;
  readonly title: string;
  readonly description: string | null;
  readonly kind: NeedContent['kind'];
  readonly category: string | null;
  readonly urgency: NonNullable<NeedContent['urgency']> | null;
  /** An office stands behind the emergency; null for what is called none. */
  readonly urgencyConfirmed: boolean | null;
  readonly items: readonly NeedItem[];
  readonly community: string;
  readonly compound: string | null;
  /** To a hundredth of a degree, but in needs of before there was `exactLocation`. */
  readonly location: Location | null;
  /** The whole of it, as JSON `[lat, lng]`, sealed. Whoever may see it gets it in `location`. */
  readonly exactLocation: string | null;
  readonly contact: string | null;
  readonly scope: NonNullable<NeedContent['scope']> | null;
  /** Of what it is about, as its author sent them. */
  readonly photos: readonly string[];
  readonly author: Author;
  /** The lead unit. */
  readonly unit: string | null;
  /** Named by the lead; `joined` are those that have accepted. */
  readonly helpers: readonly string[];
  readonly joined: readonly string[];
  /** Units that the author let have the contact. */
  readonly contactSharedWith: readonly string[];
  readonly plan: string | null;
  /** The lead's promise for the running round. */
  readonly promisedBy: string | null;
  readonly funding: readonly FundingView[];
  readonly evidence: readonly EvidenceView[];
  readonly progress: readonly ProgressView[];
  readonly inspection: InspectionView | null;
  /** Of the running round once it is done, else of the round before. */
  readonly evaluations: { readonly resident: EvaluationView | null; readonly community: EvaluationView | null };
  readonly round: number;
  /** The reason that was given last: for a rejection, a withdrawal, a return, refused works, a correction, another amount, a dispatch, a word on urgency or a reopening. */
  readonly reason: string | null;
  readonly mergedInto: string | null;
  readonly adopted: readonly Adoption[];
  /** Ids of those who follow because their need was merged into this one; the author follows anyway. */
  readonly followers: readonly string[];
  readonly deadlines: DeadlinesView;
  /** The deadline that runs, with its ladder; null when nobody is waited for, or in a history of before there were ladders. */
  readonly clock: ClockView<DeadlineStage> | null;
  /** The last call to claim, of the running stage. */
  readonly whistle: WhistleView | null;
  readonly contract: ContractView;
  readonly volunteers: readonly VolunteerView[];
  /** The owners' decision that was asked for last. */
  readonly decision: OwnersDecision | null;
  readonly projectId: string | null;
  /** Of the running round. */
  readonly lapsed: LapseView | null;
  /** Every stage with a deadline, in order. */
  readonly stages: readonly StageTimeView<DeadlineStage>[];
  /** The next deadline that binds somebody. */
  readonly dueAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Hash of the last record folded in. */
  readonly hash: string;
  /** Only where lists became too long for one document: how many of their oldest entries stand in the history alone. */
  readonly omitted?: Omitted;
}
