import { entityIdOf, fingerprintOf, isEntityId, refuse, type Refusal, type Saga, type StoppedBy } from '@qiyue/engine';
import type { Do, ProjectState } from '@qiyue/project-domain';
import { toContract, toNeed, toResource } from './project.steps';

const NOTHING = { before: [], undo: [] };

/**
 * A project of a contract is planned by a side of it, while it is in force and between the same two: the contract is asked before, so that nobody else
 * takes the id that the project of its item has.
 */
export const planSaga: Saga<ProjectState, Do<'plan'>> = {
  aggregate: 'project',
  type: 'plan',
  plan: ({ data: { contractId, itemId, unit, community } }, state, { actor }) => {
    if (contractId === undefined) return null;
    if (!isEntityId(contractId)) return refuse('no-such-contract');
    if (state.stage !== 'nonexistent') return NOTHING;
    const by = { role: actor.role, unit: actor.unit };
    return { before: [toContract(contractId, 'vouch', { by, unit, community, ...(itemId === undefined ? {} : { itemId }) })], undo: [null] };
  },
  refusalOf: ({ refusal }) => {
    switch (refusal.code) {
      case 'not-permitted':
      case 'other-parties':
      case 'no-such-item':
        return refusal;
      case 'not-found':
        return { code: 'no-such-contract' };
      default:
        return { code: 'contract-not-in-force' };
    }
  },
};

/** A need is in one project, with the consent of those whose it is: it is asked before, and let go when the project refuses. */
export const addNeedSaga: Saga<ProjectState, Do<'add-need'>> = {
  aggregate: 'project',
  type: 'add-need',
  plan: ({ data: { needId } }, state, { entity: projectId, actor: { role } }) => {
    if (!isEntityId(needId)) return refuse('no-such-need');
    if (state.stage === 'nonexistent' || state.needs.some((need) => need.needId === needId && need.stage !== 'left')) return NOTHING;
    const { unit, community } = state;
    return {
      before: [toNeed(needId, 'join-project', { projectId, unit, community, role })],
      undo: [toNeed(needId, 'leave-project', { projectId })],
    };
  },
  refusalOf: ({ refusal }) => {
    switch (refusal.code) {
      case 'in-another-project':
      case 'other-parties':
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
