import { clockWith, startClock, type Schedule } from '@qiyue/civic-domain';
import { unreachable } from '@qiyue/engine';
import type { OfReservation } from './project.commands';
import type { Fact, ProjectEvent } from './project.events';
import {
  END,
  PARTS_MAX,
  PROJECT_STAGES,
  RUNNING,
  type Milestone,
  type Project,
  type ProjectStage,
  type ProjectState,
  type RunningDeadline,
} from './project.state';

/** Total over recorded histories and trusting: what was recorded is a fact. Throws only on a corrupt stream. */
export const evolve = (state: ProjectState, event: ProjectEvent): ProjectState => {
  switch (event.type) {
    case 'ProjectPlanned':
      return planned(state, event);
    case 'HelperJoined':
      return onto(at(state, event, RUNNING), ({ helpers }) => ({ helpers: [...helpers, event.data.unit] }));
    case 'NeedAdded':
      return onto(at(state, event, RUNNING), ({ needs }) => ({ needs: [...needs, { needId: event.data.needId, stage: 'submitted' }] }));
    case 'NeedMoved':
      return needMoved(at(state, event, [...RUNNING, 'finished']), event);
    case 'ResourceAdded': {
      const { resourceId, reservationId } = event.data;
      return onto(at(state, event, RUNNING), ({ reservations }) => ({ reservations: [...reservations, { resourceId, reservationId }] }));
    }
    case 'ResourceLeft':
      return left(at(state, event, PROJECT_STAGES), event.data);
    case 'ProjectStarted':
      return { ...at(state, event, ['planned']), stage: 'under-way' };
    case 'MilestonePlanned':
      return milestonePlanned(at(state, event, RUNNING), event);
    case 'MilestoneReached':
      return milestoneReached(at(state, event, RUNNING), event);
    case 'ProjectFinished':
      return { ...at(state, event, ['under-way']), stage: 'finished', deadlines: [], reservations: [], closesAt: event.data.closesAt };
    case 'ProjectReopened': {
      const finished = at(state, event, ['finished']);
      return { ...finished, stage: 'under-way', closesAt: null, deadlines: started(END, finished.endsOn, event.data.deadline) };
    }
    case 'ProjectCancelled':
      return { ...at(state, event, RUNNING), stage: 'cancelled', deadlines: [], reservations: [] };
    case 'ProjectClosed':
      return { ...at(state, event, ['finished']), isClosed: true };
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
    case 'DeadlineMoved':
      return ticked(at(state, event, RUNNING), event);
    default:
      return unreachable(event);
  }
};

const at = (state: ProjectState, { type }: ProjectEvent, stages: readonly ProjectStage[]): Project => {
  if (state.stage === 'nonexistent' || !stages.includes(state.stage)) throw new Error(`corrupt stream: ${type} in ${state.stage}`);
  return state;
};
const onto = (state: Project, change: (state: Project) => Partial<Project>): Project => ({ ...state, ...change(state) });

const started = (name: string, day: string | null, schedule: Schedule | undefined): readonly RunningDeadline[] => {
  const clock = startClock(schedule);
  return clock === null || day === null ? [] : [{ name, day, clock }];
};
const without = (deadlines: readonly RunningDeadline[], name: string): readonly RunningDeadline[] => deadlines.filter((one) => one.name !== name);

const planned = (state: ProjectState, { type, data }: Fact<'ProjectPlanned'>): Project => {
  if (state.stage !== 'nonexistent') throw new Error(`corrupt stream: ${type} in ${state.stage}`);
  const { unit, community, contractId = null, itemId = null, endsOn = null, deadline } = data;
  return {
    ...{ stage: 'planned', unit, community, contractId, itemId, endsOn, helpers: [], needs: [], reservations: [], lost: [], milestones: [] },
    ...{ deadlines: started(END, endsOn, deadline), closesAt: null, isClosed: false },
  };
};

const left = (state: Project, { reservationId }: OfReservation): Project => {
  const reservations = state.reservations.filter((one) => one.reservationId !== reservationId);
  return reservations.length < state.reservations.length
    ? { ...state, reservations }
    : { ...state, lost: [...state.lost, reservationId].slice(-PARTS_MAX) };
};

const needMoved = (state: Project, { type, data: { needId, stage, closesAt } }: Fact<'NeedMoved'>): Project => {
  if (!state.needs.some((need) => need.needId === needId)) throw new Error(`corrupt stream: ${type} of ${needId}, which is not in it`);
  const needs = state.needs.map((need) => (need.needId === needId ? { ...need, stage } : need));
  return { ...state, needs, closesAt: closesAt ?? state.closesAt };
};

/** The milestone in the place of the one of its id, or behind all others. */
const withMilestone = (milestones: readonly Milestone[], one: Milestone): readonly Milestone[] =>
  milestones.some(({ milestoneId }) => milestoneId === one.milestoneId)
    ? milestones.map((known) => (known.milestoneId === one.milestoneId ? one : known))
    : [...milestones, one];

const milestonePlanned = (state: Project, { data: { milestoneId, title, dueOn, deadline } }: Fact<'MilestonePlanned'>): Project => ({
  ...state,
  milestones: withMilestone(state.milestones, { milestoneId, title, dueOn, isReached: false }),
  deadlines: [...without(state.deadlines, milestoneId), ...started(milestoneId, dueOn, deadline)],
});

const milestoneReached = (state: Project, { data: { milestoneId, title } }: Fact<'MilestoneReached'>): Project => ({
  ...state,
  milestones: withMilestone(state.milestones, {
    ...{ milestoneId, title, isReached: true },
    dueOn: state.milestones.find((one) => one.milestoneId === milestoneId)?.dueOn ?? null,
  }),
  deadlines: without(state.deadlines, milestoneId),
});

type OnClock = Fact<'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated' | 'DeadlineMoved'>;

const ticked = (state: Project, event: OnClock): Project => {
  if (!state.deadlines.some(({ name }) => name === event.data.stage)) throw new Error(`corrupt stream: ${event.type} without its deadline`);
  const deadlines = state.deadlines.map((one) => (one.name === event.data.stage ? { ...one, clock: clockWith(one.clock, event) } : one));
  return { ...state, deadlines };
};
