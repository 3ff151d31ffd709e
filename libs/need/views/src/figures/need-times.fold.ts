import { eventOf, instantMsOf, type RecordBody } from '@qiyue/engine';
import { needUpcasters, type Fact, type NeedEvent, type Side } from '@qiyue/need-domain';
import { contentChangedBy } from '../changed-content';
import type { Closing, NeedTimes, StageEnd, StageTime } from './need-times';

/** So many stages and closings of one need are kept, the newest: what it gives to the model by key stays below what that takes of one entity. */
export const TIMES_MAX = 400;

/** One record more. Trusts its order: whoever folds has checked it. */
export const foldNeedTimes = (times: NeedTimes | null, record: RecordBody): NeedTimes => {
  const event = eventOf<NeedEvent>(record, needUpcasters);
  if (times !== null) return { ...times, ...change(times, event, record.time) };
  if (event.type !== 'NeedSubmitted') throw new Error(`corrupt stream ${record.entity}: ${event.type} before NeedSubmitted`);
  const { community, category = null, kind, claimBy } = event.data;
  const born: NeedTimes = {
    ...{ needId: record.entity, community, category, kind, submittedAt: record.time, lead: null, stages: [], listedIn: 1 },
    ...{ pausedSince: null, pausedMs: 0, doneAt: null, verdicts: {}, closings: [] },
  };
  return { ...born, ...begun(born, { stage: 'submitted', unit: null, lead: null, dueAt: claimBy }, record.time) };
};

type Change = Partial<NeedTimes>;

const change = (times: NeedTimes, event: NeedEvent, at: string): Change => {
  switch (event.type) {
    case 'NeedAmended':
    case 'NeedCorrected':
    case 'NeedDispatched':
      return moved(times, event);
    case 'NeedWithdrawn':
    case 'NeedMerged':
      return ended(times, 'broken-off', at);
    case 'NeedRejected':
      return { ...ended(times, 'broken-off', at), ...closed(times, { end: 'rejected', sides: 0, isSatisfied: false }, at) };
    case 'NeedClaimed':
      return claimed(times, event, at);
    case 'ClaimReturned':
      return returned(times, event, at);
    case 'NeedFunded':
      return next(times, 'came', { stage: 'funded', unit: times.lead, lead: times.lead, dueAt: event.data.doneBy }, at);
    case 'WorksCancelled':
      return next(times, 'went-back', claimedAgain(event), at);
    case 'NeedDone':
      return done(times, event, at);
    case 'ResidentEvaluated':
      return spoken(times, 'resident', event.data.satisfied);
    case 'CommunityEvaluated':
      return spoken(times, 'community', event.data.satisfied);
    case 'NeedEvaluated':
    case 'EvaluationLapsed':
      return evaluated(times, event, at);
    case 'NeedReopened':
      return reopened(times, event, at);
    case 'DeadlineMissed':
      return running(times, ({ missedAt }) => ({ missedAt: missedAt ?? event.data.dueAt, late: true }));
    case 'Escalated':
      return running(times, ({ escalatedTo }) => ({ escalatedTo: Math.max(escalatedTo, event.data.level) }));
    case 'ClockPaused':
      return { pausedSince: event.data.pausedAt };
    case 'ClockResumed':
      return { ...resumed(times, event), pausedSince: null };
    case 'ExtensionGranted':
    case 'DeadlineMoved':
      return running(times, () => ({ dueAt: event.data.dueAt }));
    default:
      return {};
  }
};

const moved = (times: NeedTimes, event: NeedEvent): Change => {
  const { community = times.community, category = times.category, kind = times.kind } = contentChangedBy(event);
  return { community, category, kind };
};

/** What is claimed was on the list for whoever claimed it. */
const claimed = (times: NeedTimes, { data: { unit, fundBy } }: Fact<'NeedClaimed'>, at: string): Change => {
  const { stages } = running(times, () => ({ lead: unit }));
  return { ...next({ ...times, stages }, 'came', { stage: 'claimed', unit, lead: unit, dueAt: fundBy }, at), lead: unit };
};

/** The next lead begins anew. */
const returned = (times: NeedTimes, { data: { claimBy } }: Fact<'ClaimReturned'>, at: string): Change => {
  const changed = next(times, 'went-back', { stage: 'submitted', unit: null, lead: null, dueAt: claimBy }, at);
  return { ...changed, lead: null, listedIn: lastOf(changed.stages)?.n ?? 1 };
};

const claimedAgain = ({ data: { unit, fundBy } }: Fact<'WorksCancelled' | 'NeedReopened'>): Begins => ({
  ...{ stage: 'claimed', unit, lead: unit, dueAt: fundBy },
});

const done = (times: NeedTimes, { data: { evaluateBy } }: Fact<'NeedDone'>, at: string): Change => {
  const changed = next(times, 'came', { stage: 'done', unit: null, lead: times.lead, dueAt: evaluateBy }, at);
  return { ...changed, doneAt: at, verdicts: {} };
};

const spoken = ({ verdicts }: NeedTimes, side: Side, isSatisfied: boolean): Change => ({ verdicts: { ...verdicts, [side]: isSatisfied } });

const evaluated = (times: NeedTimes, { type }: Fact<'NeedEvaluated' | 'EvaluationLapsed'>, at: string): Change => {
  const said = Object.values(times.verdicts);
  const closing = {
    end: type === 'NeedEvaluated' ? ('evaluated' as const) : ('lapsed' as const),
    sides: said.length,
    isSatisfied: !said.includes(false),
  };
  return { ...ended(times, 'came', at), ...closed(times, closing, at) };
};

const reopened = (times: NeedTimes, event: Fact<'NeedReopened'>, at: string): Change => ({
  ...next(times, 'went-back', claimedAgain(event), at),
  doneAt: null,
  closings: times.closings.map((closing, i) => (i === times.closings.length - 1 ? { ...closing, isReopened: true } : closing)),
});

const resumed = (times: NeedTimes, { data: { pausedAt, resumedAt, dueAt } }: Fact<'ClockResumed'>): Change => ({
  ...running(times, ({ pausedMs }) => ({ dueAt, pausedMs: pausedMs + msBetween(pausedAt, resumedAt) })),
  pausedMs: times.pausedMs + msBetween(pausedAt, resumedAt),
});

type Begins = Pick<StageTime, 'stage' | 'unit' | 'lead' | 'dueAt'>;
type Stages = Pick<NeedTimes, 'stages'>;

const msBetween = (from: string, to: string): number => instantMsOf(to) - instantMsOf(from);
const lastOf = <T>(list: readonly T[]): T | undefined => list.at(-1);
const newest = <T>(list: readonly T[]): readonly T[] => list.slice(-TIMES_MAX);

/** What runs ends at `at`, and another stage begins. */
const next = (times: NeedTimes, end: StageEnd, begins: Begins, at: string) => {
  const over = ended(times, end, at);
  return { ...over, ...begun({ ...times, ...over }, begins, at) };
};

const begun = ({ stages }: Stages, begins: Begins, at: string): Stages => ({
  stages: newest([
    ...stages,
    { n: (lastOf(stages)?.n ?? 0) + 1, ...begins, from: at, endedAt: null, end: null, late: null, missedAt: null, pausedMs: 0, escalatedTo: 0 },
  ]),
});

/** A pause ends with the stage that it was in. */
const ended = (times: NeedTimes, end: StageEnd, at: string) => {
  const { pausedSince } = times;
  const pausedMs = pausedSince === null ? 0 : Math.max(0, msBetween(pausedSince, at));
  const { stages } = running(times, (stage) => ({
    ...{ endedAt: at, end, pausedMs: stage.pausedMs + pausedMs },
    late: end === 'broken-off' ? null : (stage.late ?? (stage.dueAt === null ? null : (pausedSince ?? at) > stage.dueAt)),
  }));
  return { stages, pausedSince: null, pausedMs: times.pausedMs + pausedMs };
};

/** The stage that runs, changed; those that are over stay as they are. */
const running = ({ stages }: Stages, changed: (stage: StageTime) => Partial<StageTime>): Stages => ({
  stages: stages.map((stage) => (stage.endedAt === null ? { ...stage, ...changed(stage) } : stage)),
});

const closed = ({ closings, lead }: NeedTimes, closing: Pick<Closing, 'end' | 'sides' | 'isSatisfied'>, at: string): Pick<NeedTimes, 'closings'> => ({
  closings: newest([...closings, { n: (lastOf(closings)?.n ?? 0) + 1, at, lead, ...closing, isReopened: false }]),
});
