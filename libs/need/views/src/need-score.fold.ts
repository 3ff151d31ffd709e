import { yearOf } from '@qiyue/civic-domain';
import { eventOf, unreachable, type RecordBody } from '@qiyue/engine';
import { needUpcasters, type NeedEvent } from '@qiyue/need-domain';

/** What of a need counts for the unit that has it, and nothing of what anybody wrote. */
export interface NeedScore {
  /** Who leads it, and the year of Shanghai in which they claimed it; null while nobody has. */
  readonly lead: { readonly unit: string; readonly year: number } | null;
  /** The works were accepted, and it was not reopened since. */
  readonly isDone: boolean;
  /** Both sides are. */
  readonly isSatisfied: boolean;
  /** To be claimed, funded or done: one of these was missed, or ended behind its deadline, in any round since it came onto the list. How it was evaluated is not the lead's. */
  readonly isLate: boolean;
  /** The deadline that runs of these, ISO 8601 with +08:00; null without a date, and once it is done. */
  readonly dueAt: string | null;
  /** Since when the clock stands still. */
  readonly pausedSince: string | null;
}

const SUBMITTED: NeedScore = { lead: null, isDone: false, isSatisfied: false, isLate: false, dueAt: null, pausedSince: null };

/** One record more. Trusts its order: whoever folds has checked it. */
export const foldNeedScore = (score: NeedScore | null, record: RecordBody): NeedScore =>
  change(score ?? SUBMITTED, eventOf<NeedEvent>(record, needUpcasters), record.time);

const change = (score: NeedScore, event: NeedEvent, at: string): NeedScore => {
  switch (event.type) {
    case 'NeedSubmitted':
    case 'ClaimReturned': // the next lead begins anew
      return { ...SUBMITTED, dueAt: event.data.claimBy };
    case 'NeedClaimed':
      return { ...next(score, event.data.fundBy, at), lead: { unit: event.data.unit, year: yearOf(at) } };
    case 'NeedFunded':
      return next(score, event.data.doneBy, at);
    case 'WorksCancelled': // the lead funds it anew
      return next(score, event.data.fundBy, at);
    case 'NeedDone':
      return { ...next(score, null, at), isDone: true };
    case 'NeedEvaluated':
      return { ...score, isSatisfied: event.data.satisfied };
    case 'NeedReopened':
      return { ...score, isDone: false, isSatisfied: false, dueAt: event.data.fundBy };
    case 'ClockPaused':
      return event.data.stage === 'done' ? score : { ...score, pausedSince: event.data.pausedAt };
    case 'ClockResumed':
    case 'ExtensionGranted':
    case 'DeadlineMoved':
      return event.data.stage === 'done' ? score : moved(score, event);
    case 'DeadlineMissed':
      return event.data.stage === 'done' ? score : { ...score, isLate: true };
    case 'NeedAmended':
    case 'NeedWithdrawn':
    case 'NeedRejected':
    case 'NeedMerged':
    case 'NeedAdopted':
    case 'NeedUnadopted':
    case 'NeedInspected':
    case 'FundingAdjusted':
    case 'WorksStarted':
    case 'ProgressReported':
    case 'WorksReported':
    case 'WorksRefused':
    case 'ResidentEvaluated':
    case 'CommunityEvaluated':
    case 'NeedClosed':
    case 'WhistleBlown':
    case 'NeedDispatched':
    case 'NeedCorrected':
    case 'UrgencyConfirmed':
    case 'ContractSigned':
    case 'HelperJoined':
    case 'ContactShared':
    case 'UnitReportedIn':
    case 'VolunteerReportedIn':
    case 'DecisionAwaited':
    case 'DecisionNoted':
    case 'ProjectJoined':
    case 'ProjectLeft':
    case 'DeadlineApproaching':
    case 'Escalated':
    case 'ExtensionRequested':
    case 'ExtensionDenied':
    case 'EvaluationLapsed':
      return score;
    default:
      return unreachable(event);
  }
};

/** What was due ends at `at`, and something else is; while the clock stands still it ended when it stopped. The last instant still counts as in time. */
const next = (score: NeedScore, dueAt: string | null, at: string): NeedScore => ({
  ...score,
  isLate: score.isLate || (score.dueAt !== null && (score.pausedSince ?? at) > score.dueAt),
  dueAt,
  pausedSince: null,
});

const moved = (score: NeedScore, { type, data }: Extract<NeedEvent, { type: 'ClockResumed' | 'ExtensionGranted' | 'DeadlineMoved' }>): NeedScore => ({
  ...score,
  dueAt: data.dueAt,
  pausedSince: type === 'ClockResumed' ? null : score.pausedSince,
});
