import { entityIdOf, fingerprintOf, isEntityId, refuse, type Refusal, type Saga, type StoppedBy } from '@qiyue/engine';
import type { Do, ProjectState } from '@qiyue/project-domain';
import { toNeed, toResource } from './project.steps';

const NOTHING = { before: [], undo: [] };

/** A need is in one project: it is asked before, and let go when the project refuses. */
export const addNeedSaga: Saga<ProjectState, Do<'add-need'>> = {
  aggregate: 'project',
  type: 'add-need',
  plan: ({ data: { needId } }, state, { entity }) => {
    if (!isEntityId(needId)) return refuse('no-such-need');
    if (state.stage === 'nonexistent' || state.needs.some((need) => need.needId === needId && need.stage !== 'left')) return NOTHING;
    return {
      before: [toNeed(needId, 'join-project', { projectId: entity })],
      undo: [toNeed(needId, 'leave-project', { projectId: entity })],
    };
  },
  refusalOf: ({ refusal }) => {
    switch (refusal.code) {
      case 'in-another-project':
        return refusal;
      case 'not-found':
        return { code: 'no-such-need' };
      default:
        return { code: 'need-ended' };
    }
  },
};

/** What the resource said, as a project says it. */
const resourceRefusal = ({ refusal }: StoppedBy): Refusal => {
  switch (refusal.code) {
    case 'taken':
    case 'not-available':
    case 'too-late':
      return refusal;
    case 'not-found':
      return { code: 'no-such-resource' };
    default:
      return { code: 'resource-unavailable', detail: { why: refusal.code } };
  }
};

/** Reserved at the resource before the project counts on it, and freed at once when the project refuses. */
export const addResourceSaga: Saga<ProjectState, Do<'add-resource'>> = {
  aggregate: 'project',
  type: 'add-resource',
  plan: ({ type, data }, _, { entity, commandId, actor }) => {
    const { resourceId, quantity = 1, from, to } = data;
    if (!isEntityId(resourceId)) return refuse('no-such-resource');
    // Another use of the command's id, which its own entity refuses, must not take this one back.
    const reservationId = entityIdOf('reservation', fingerprintOf({ entity, type, data, actor }), commandId);
    return {
      before: [toResource(resourceId, 'reserve', { reservationId, quantity, from, to, projectId: entity })],
      undo: [toResource(resourceId, 'free', { reservationId })],
      data: { reservationId },
    };
  },
  refusalOf: resourceRefusal,
};
