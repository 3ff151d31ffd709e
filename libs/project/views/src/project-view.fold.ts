import { clockAfter, insistOnNext, startedClock, type ClockView } from '@qiyue/civic-views';
import type { Schedule } from '@qiyue/civic-domain';
import { eventOf, sealRecord, unreachable, type RecordBody } from '@qiyue/engine';
import { END, PROJECT_STAGES, RUNNING, statusOf, type Fact, type ProjectEvent, type ProjectStage } from '@qiyue/project-domain';
import { firstClock, type MilestoneView, type ProjectView, type ResourceInProject } from './project-view';

/**
 * The next version of a project's document. Pure: the same records give equal documents, whenever they are folded.
 * Throws on corrupt input: another entity's record, a gap, a broken hash link, an event that its stage cannot have.
 */
export const foldProjectView = (view: ProjectView | null, record: RecordBody): ProjectView => {
  insistOnNext('project', view && { ...view, id: view.projectId }, record);
  const event = eventOf<ProjectEvent>(record);
  const next = view === null ? planned(event, record) : { ...view, ...change(view, event, record.time) };
  return {
    ...next,
    status: statusOf({ stage: next.stage, isClosed: event.type === 'ProjectClosed' || view?.status === 'ended' }),
    dueAt: firstClock(next)?.dueAt ?? null,
    seq: record.seq,
    updatedAt: record.time,
    hash: sealRecord(record).hash,
  };
};

type Change = Partial<ProjectView>;

const started = (name: string, schedule: Schedule | undefined): readonly ClockView[] => {
  const clock = startedClock(name, schedule);
  return clock === null ? [] : [clock];
};

const planned = ({ type, data }: ProjectEvent, { entity, time }: RecordBody): ProjectView => {
  if (type !== 'ProjectPlanned') throw new Error(`corrupt stream ${entity}: ${type} before ProjectPlanned`);
  const { title, unit, community, contractId = null, itemId = null, startsOn = null, endsOn = null, budgetFen = null, deadline } = data;
  return {
    ...{ projectId: entity, seq: 0, stage: 'planned', status: 'planning', title, unit, helpers: [], community, contractId, itemId },
    ...{ startsOn, endsOn, budgetFen, needs: [], resources: [], milestones: [], clocks: started(END, deadline), dueAt: null },
    ...{ startedAt: null, finishedAt: null, cancelledAt: null, closesAt: null, reason: null, createdAt: time, updatedAt: time, hash: '' },
  };
};

const change = (view: ProjectView, event: ProjectEvent, at: string): Change => {
  switch (event.type) {
    case 'HelperJoined':
      return from(view, event, RUNNING, { helpers: [...view.helpers, event.data.unit] });
    case 'NeedAdded':
      return from(view, event, RUNNING, { needs: [...view.needs, { needId: event.data.needId, stage: 'submitted', movedAt: at }] });
    case 'NeedMoved':
      return from(view, event, [...RUNNING, 'finished'], needMoved(view, event, at));
    case 'ResourceAdded':
      return from(view, event, RUNNING, { resources: [...view.resources, { ...event.data, state: 'reserved' }] });
    case 'ResourceLeft':
      return from(view, event, PROJECT_STAGES, { resources: left(view.resources, [event.data], event.data.end) });
    case 'ProjectStarted':
      return from(view, event, ['planned'], { stage: 'under-way', startedAt: at });
    case 'MilestonePlanned':
      return from(view, event, RUNNING, milestone(view, event, event.data.dueOn, null));
    case 'MilestoneReached':
      return from(view, event, RUNNING, milestone(view, event, null, at));
    case 'ProjectFinished':
      return from(view, event, ['under-way'], finished(view, event, at));
    case 'ProjectReopened':
      return from(view, event, ['finished'], { stage: 'under-way', finishedAt: null, closesAt: null, clocks: started(END, event.data.deadline) });
    case 'ProjectCancelled':
      return from(view, event, RUNNING, cancelled(view, event, at));
    case 'ProjectClosed':
      return from(view, event, ['finished'], {});
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
    case 'DeadlineMoved': {
      const { stage } = event.data;
      return from(view, event, RUNNING, { clocks: view.clocks.map((clock) => (clock.stage === stage ? clockAfter(clock, event, at) : clock)) });
    }
    case 'ProjectPlanned':
      throw new Error(`corrupt stream ${view.projectId}: ProjectPlanned twice`);
    default:
      return unreachable(event);
  }
};

const from = (view: ProjectView, { type }: ProjectEvent, stages: readonly ProjectStage[], changed: Change): Change => {
  if (!stages.includes(view.stage)) throw new Error(`corrupt stream ${view.projectId}: ${type} in ${view.stage}`);
  return changed;
};

const needMoved = (
  { needs, closesAt: before, projectId }: ProjectView,
  { data: { needId, stage, closesAt } }: Fact<'NeedMoved'>,
  at: string,
): Change => {
  if (!needs.some((need) => need.needId === needId)) throw new Error(`corrupt stream ${projectId}: ${needId} is not in it`);
  return { needs: needs.map((need) => (need.needId === needId ? { needId, stage, movedAt: at } : need)), closesAt: closesAt ?? before };
};

const left = (
  resources: readonly ResourceInProject[],
  which: readonly Pick<ResourceInProject, 'reservationId'>[],
  state: ResourceInProject['state'],
): readonly ResourceInProject[] =>
  resources.map((one) => (which.some(({ reservationId }) => reservationId === one.reservationId) ? { ...one, state } : one));

const finished = ({ resources }: ProjectView, { data: { reservations, closesAt } }: Fact<'ProjectFinished'>, at: string): Change => ({
  ...{ stage: 'finished', finishedAt: at, closesAt, clocks: [] },
  resources: left(resources, reservations, 'used'),
});

const cancelled = ({ resources }: ProjectView, { data: { reservations, reason } }: Fact<'ProjectCancelled'>, at: string): Change => ({
  ...{ stage: 'cancelled', cancelledAt: at, reason, clocks: [] },
  resources: left(resources, reservations, 'freed'),
});

/** Planned, planned for another day, or reached: what was not said again stays. */
const milestone = (
  view: ProjectView,
  event: Fact<'MilestonePlanned' | 'MilestoneReached'>,
  dueOn: string | null,
  reachedAt: string | null,
): Change => {
  const { milestoneId, title, note } = event.data;
  const before = view.milestones.find((one) => one.milestoneId === milestoneId);
  const after: MilestoneView = { milestoneId, title, note: note ?? before?.note ?? null, dueOn: dueOn ?? before?.dueOn ?? null, reachedAt };
  const deadline = event.type === 'MilestonePlanned' ? event.data.deadline : undefined;
  return {
    milestones: before === undefined ? [...view.milestones, after] : view.milestones.map((one) => (one === before ? after : one)),
    clocks: [...view.clocks.filter(({ stage }) => stage !== milestoneId), ...started(milestoneId, deadline)],
  };
};
