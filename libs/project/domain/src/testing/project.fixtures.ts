import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT, scheduleAt } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import {
  projectDecider,
  type Do,
  type Fact,
  type NeedStage,
  type ProjectCommand,
  type ProjectCommandType,
  type ProjectEvent,
  type ProjectState,
} from '../index';

export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const roads: Actor = { id: 'rod', role: 'department', unit: 'Roads' };
export const parks: Actor = { id: 'pat', role: 'department', unit: 'Parks' };
export const lakeside: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const centre: Actor = { id: 'cen', role: 'centre', unit: 'Service centre' };
export const system: Actor = { id: 'reaction', role: 'system', unit: null };
export const clock = CLOCK_ACTOR;

export const NOW = '2024-07-01T08:00:00.000+08:00';
/** 30 days on: so long can a need be reopened. */
export const CLOSES_AT = '2024-07-31T08:00:00.000+08:00';
export const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
/** A policy that reminds two days before. */
export const LATER = {
  ...TABLES,
  policy: compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, version: 'later-1', remind: { ...DEFAULT_POLICY_DOCUMENT.remind, beforeWorkingDays: 2 } }),
};

const deadlineOn = (day: string) => {
  const deadline = scheduleAt(TABLES, NOW, day);
  if (deadline === null) throw new Error(`${day} is over`);
  return deadline;
};

const content = { title: 'Lights and a shed', unit: 'Water', community: 'Lakeside', endsOn: '2024-08-30', budgetFen: 100 } as const;
export const item = { title: 'Lights', unit: 'Water', community: 'Lakeside', contractId: 'c1', itemId: 'i1', endsOn: '2024-08-30' } as const;
export const held = { resourceId: 'r1', reservationId: 'v1' } as const;
const span = { from: '2024-07-10T00:00:00.000+08:00', to: '2024-07-12T00:00:00.000+08:00' };

/** One well-formed body for each command. */
const BODIES: { readonly [T in ProjectCommandType]: Do<T>['data'] } = {
  plan: content,
  join: {},
  'add-need': { needId: 'n2' },
  'add-resource': { resourceId: 'r2', reservationId: 'v2', ...span },
  start: {},
  milestone: { title: 'Foundations', dueOn: '2024-07-15' },
  finish: {},
  cancel: { reason: 'done by others' },
  vouch: { role: 'department', unit: 'Water' },
  'plan-item': item,
  'need-moved': { needId: 'n1', stage: 'claimed' },
  'resource-moved': { ...held, end: 'freed' },
  tick: { step: 'end/missed' },
  close: {},
  retime: {},
};
export const COMMAND_TYPES = Object.keys(BODIES) as readonly ProjectCommandType[];

/** A command of that type, with a body of its own or the usual one. */
export const please = <T extends ProjectCommandType>(type: T, data?: Do<T>['data']): Do<T> =>
  ({ type, data: data ?? BODIES[type] }) as unknown as Do<T>;

/** The actor whom the rules mean for a command on Water's project for Lakeside, in which Roads helps. */
export const rightActorFor = ({ type }: Pick<ProjectCommand, 'type'>): Actor => {
  switch (type) {
    case 'tick':
    case 'close':
      return clock;
    case 'vouch':
    case 'plan-item':
    case 'need-moved':
    case 'resource-moved':
    case 'retime':
      return system;
    case 'join':
      return parks;
    default:
      return water;
  }
};

export const planned: Fact<'ProjectPlanned'> = { type: 'ProjectPlanned', data: { ...content, deadline: deadlineOn('2024-08-30') } };
export const joined: Fact<'HelperJoined'> = { type: 'HelperJoined', data: { unit: 'Roads' } };
export const added = (needId: string): Fact<'NeedAdded'> => ({ type: 'NeedAdded', data: { needId } });
export const moved = (needId: string, stage: NeedStage): Fact<'NeedMoved'> => ({ type: 'NeedMoved', data: { needId, stage } });
export const settled = (needId: string, stage: NeedStage): Fact<'NeedMoved'> => ({ type: 'NeedMoved', data: { needId, stage, closesAt: CLOSES_AT } });
export const resourceAdded: Fact<'ResourceAdded'> = { type: 'ResourceAdded', data: { ...held, quantity: 1, ...span } };
export const started: Fact<'ProjectStarted'> = { type: 'ProjectStarted', data: { cause: 'by-hand' } };
export const milestone = (milestoneId: string, title: string, dueOn: string): Fact<'MilestonePlanned'> => ({
  type: 'MilestonePlanned',
  data: { milestoneId, title, dueOn, deadline: deadlineOn(dueOn) },
});
export const reached: Fact<'MilestoneReached'> = { type: 'MilestoneReached', data: { milestoneId: 'm1', title: 'Foundations' } };
export const finished = (
  cause: 'by-hand' | 'needs' = 'by-hand',
  reservations: Fact<'ProjectFinished'>['data']['reservations'] = [],
): Fact<'ProjectFinished'> => ({
  type: 'ProjectFinished',
  data: { cause, reservations, closesAt: CLOSES_AT },
});
export const reopened: Fact<'ProjectReopened'> = { type: 'ProjectReopened', data: { needId: 'n1', deadline: deadlineOn('2024-08-30') } };
export const cancelled: Fact<'ProjectCancelled'> = { type: 'ProjectCancelled', data: { reason: 'done by others', needs: [], reservations: [] } };

const toWork: readonly ProjectEvent[] = [planned, joined, added('n1'), resourceAdded, started];
/** A past for each status that a project can rest in. */
export const PASTS: Readonly<Record<string, readonly ProjectEvent[]>> = {
  nonexistent: [],
  'planned/planning': [planned, joined, added('n1'), resourceAdded],
  'under-way/at-work': toWork,
  'finished/settling': [...toWork, moved('n1', 'done'), finished()],
  'finished/ended': [...toWork, moved('n1', 'evaluated'), finished(), { type: 'ProjectClosed', data: {} }],
  'cancelled/ended': [...toWork, cancelled],
};

/** `evolve`, as a step for `reduce`. */
export const evolve = (state: ProjectState, event: ProjectEvent): ProjectState => projectDecider.evolve(state, event, { rules: 1 });
export const stateAfter = (past: readonly ProjectEvent[]): ProjectState => past.reduce(evolve, projectDecider.initial);
