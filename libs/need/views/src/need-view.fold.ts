import { eventOf, sealRecord, unreachable, type RecordBody } from '@qiyue/engine';
import { needUpcasters, type NeedEvent, type NeedStage } from '@qiyue/need-domain';
import { bounded } from './bounded';
import { insistOnNext, timedAfter } from '@qiyue/civic-views';
import { NOT_SIGNED } from './parties-view';
import type { DeadlinesView, NeedView } from './need-view';
import {
  adjusted,
  adoption,
  amended,
  begins,
  called,
  cancelled,
  claimed,
  closing,
  confirmed,
  corrected,
  dispatched,
  done,
  ended,
  evaluated,
  funded,
  inspected,
  moved,
  NO_DEADLINES,
  progress,
  reopened,
  reported,
  returned,
  running,
  signed,
  unitAnswered,
  verdict,
  volunteered,
  whistled,
  withReason,
  without,
  type Change,
} from './need-view.changes';

type Stages = readonly NeedStage[];

/**
 * The next version of a need's document. Pure: the same records give equal documents, whenever they are folded.
 * Throws on corrupt input: another need's record, a gap, a broken hash link, an event that its stage cannot have.
 */
export const foldNeedView = (view: NeedView | null, record: RecordBody): NeedView => foldHashedRecord(view, record, sealRecord(record).hash);

/** The same for who knows the record's hash already: computing it is three quarters of the work. */
export const foldHashedRecord = (view: NeedView | null, record: RecordBody, hash: string): NeedView => {
  insistOnNext('need', view && { id: view.needId, seq: view.seq, hash: view.hash }, record);
  const event = eventOf<NeedEvent>(record, needUpcasters);
  const changed = view === null ? born(event, record) : timed({ ...view, ...change(view, event, record.time) }, event, record.time);
  const next = bounded(changed, view);
  return {
    ...next,
    followers: followersOf(next),
    dueAt: dueAtOf(next.deadlines),
    seq: record.seq,
    updatedAt: record.time,
    hash,
  };
};

/** The running clock after the event, and its stage's line in the statistics with it. */
const timed = (view: NeedView, event: NeedEvent, at: string): NeedView => {
  if (view.clock === null) return view;
  return { ...view, ...timedAfter(view.clock, view.stages, event, at) };
};

const born = (event: NeedEvent, { entity, time }: RecordBody): NeedView => {
  if (event.type !== 'NeedSubmitted') throw new Error(`corrupt stream ${entity}: ${event.type} before NeedSubmitted`);
  const { data } = event;
  return {
    needId: entity,
    seq: 0,
    stage: 'submitted',
    status: 'waiting',
    title: data.title,
    description: data.description ?? null,
    kind: data.kind,
    category: data.category ?? null,
    urgency: data.urgency ?? null,
    urgencyConfirmed: called(data.urgency ?? null, data.author),
    items: data.items,
    community: data.community,
    compound: data.compound ?? null,
    location: data.location ?? null,
    exactLocation: data.exactLocation ?? null,
    contact: data.contact ?? null,
    scope: data.scope ?? null,
    photos: data.photos ?? [],
    author: data.author,
    unit: null,
    helpers: [],
    joined: [],
    contactSharedWith: [],
    plan: null,
    promisedBy: null,
    funding: [],
    evidence: [],
    progress: [],
    inspection: null,
    evaluations: { resident: null, community: null },
    round: 1,
    reason: null,
    mergedInto: null,
    adopted: [],
    followers: [],
    deadlines: running({ claimBy: data.claimBy }),
    whistle: null,
    contract: NOT_SIGNED,
    volunteers: [],
    decision: null,
    projectId: null,
    lapsed: null,
    ...begins({ stages: [], clock: null }, { stage: 'submitted', round: 1, unit: null, dueAt: data.claimBy, deadline: data.deadline }, time),
    dueAt: null,
    createdAt: time,
    updatedAt: time,
    hash: '',
  };
};

const change = (view: NeedView, event: NeedEvent, at: string): Change => {
  switch (event.type) {
    case 'NeedAmended':
      return from(view, event, ['submitted', 'claimed', 'funded', 'done'], amended(view, event));
    case 'NeedWithdrawn':
      return from(view, event, ['submitted'], ended(view, 'withdrawn', { reason: event.data.reason }, at));
    case 'NeedRejected':
      return from(view, event, ['submitted'], ended(view, 'rejected', { reason: event.data.reason }, at));
    case 'NeedMerged':
      return from(view, event, ['submitted'], ended(view, 'merged', { mergedInto: event.data.into }, at));
    case 'NeedAdopted':
      return from(view, event, ['submitted', 'claimed', 'funded'], { adopted: [...view.adopted, adoption(event)] });
    case 'NeedUnadopted':
      return from(view, event, NOT_ENDED, { adopted: without(view.adopted, event.data.from) });
    case 'NeedInspected':
      return from(view, event, ['submitted'], { status: 'inspected', inspection: inspected(event, at) });
    case 'NeedClaimed':
      return from(view, event, ['submitted'], claimed(view, event, at));
    case 'ClaimReturned':
      return from(view, event, ['claimed'], returned(view, event, at));
    case 'NeedFunded':
      return from(view, event, ['claimed'], funded(view, event, at));
    case 'FundingAdjusted':
      return from(view, event, ['funded'], adjusted(view, event));
    case 'WorksCancelled':
      return from(view, event, ['funded'], cancelled(view, event, at));
    case 'WorksStarted':
      return from(view, event, ['funded'], { status: 'working' });
    case 'ProgressReported':
      return from(view, event, ['funded'], { progress: [...view.progress, progress(view, event, at)] });
    case 'WorksReported':
      return from(view, event, ['funded'], reported(view, event, at));
    case 'WorksRefused':
      return from(view, event, ['funded'], { status: 'reworking', reason: event.data.reason });
    case 'NeedDone':
      return from(view, event, ['funded'], done(view, event, at));
    case 'ResidentEvaluated':
      return from(view, event, ['done'], evaluated(view, { resident: verdict(event, at) }));
    case 'CommunityEvaluated':
      return from(view, event, ['done'], evaluated(view, { community: verdict(event, at) }));
    case 'NeedEvaluated':
      return from(view, event, ['done'], closing(view, event.data.closesAt, at));
    case 'NeedReopened':
      return from(view, event, ['evaluated'], reopened(view, event, at));
    case 'NeedClosed':
      return from(view, event, ['evaluated'], { status: 'closed', deadlines: NO_DEADLINES });
    case 'WhistleBlown':
      return from(view, event, ['submitted'], whistled(view, event, at));
    case 'NeedDispatched':
      return from(view, event, ['submitted'], dispatched(view, event, at));
    case 'NeedCorrected':
      return from(view, event, ['submitted', 'claimed', 'funded', 'done'], corrected(event));
    case 'UrgencyConfirmed':
      return from(view, event, ['submitted', 'claimed', 'funded'], { ...confirmed(event.data.to), ...withReason(event.data) });
    case 'UnitReportedIn':
      return from(view, event, ['submitted'], unitAnswered(view, event, at));
    case 'VolunteerReportedIn':
      return from(view, event, ['submitted', 'claimed', 'funded'], volunteered(view, event, at));
    case 'DecisionAwaited':
      return from(view, event, ['submitted', 'claimed'], { decision: { decisionId: event.data.decisionId, progress: 'open' } });
    case 'DecisionNoted':
      return from(view, event, NOT_ENDED, { decision: { decisionId: event.data.decisionId, progress: event.data.progress } });
    case 'ProjectJoined':
      return from(view, event, NOT_ENDED, { projectId: event.data.projectId });
    case 'ProjectLeft':
      return from(view, event, NOT_ENDED, { projectId: null });
    case 'ContractSigned':
      return from(view, event, ['claimed'], signed(view, event, at));
    case 'HelperJoined':
      return from(view, event, ['claimed', 'funded', 'done'], { joined: [...view.joined, event.data.unit] });
    case 'ContactShared':
      return from(view, event, ['submitted', 'claimed', 'funded', 'done'], { contactSharedWith: [...view.contactSharedWith, event.data.unit] });
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
    case 'ClockPaused':
    case 'ExtensionRequested':
    case 'ExtensionDenied':
      return from(view, event, [event.data.stage], {});
    case 'ClockResumed':
    case 'ExtensionGranted':
    case 'DeadlineMoved':
      return from(view, event, [event.data.stage], moved(view, event));
    case 'EvaluationLapsed':
      return from(view, event, ['done'], { ...closing(view, event.data.closesAt, at), lapsed: { missing: event.data.missing, at } });
    case 'NeedSubmitted':
      throw new Error(`corrupt stream ${view.needId}: NeedSubmitted twice`);
    default:
      return unreachable(event);
  }
};

const NOT_ENDED: Stages = ['submitted', 'claimed', 'funded', 'done', 'evaluated'];

const from = (view: NeedView, event: NeedEvent, stages: Stages, changed: Change): Change => {
  if (!stages.includes(view.stage)) throw new Error(`corrupt stream ${view.needId}: ${event.type} in ${view.stage}`);
  return changed;
};

const followersOf = ({ adopted, author }: NeedView): readonly string[] =>
  [...new Set(adopted.flatMap(({ followers }) => followers))].filter((id) => id !== author.id);

/** Neither the end of the time to return nor that of the time to reopen binds anybody. */
const dueAtOf = ({ claimBy, fundBy, doneBy, evaluateBy }: DeadlinesView): string | null => claimBy ?? fundBy ?? doneBy ?? evaluateBy;
