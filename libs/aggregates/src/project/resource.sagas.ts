import { isEntityId, refuse, type Saga } from '@qiyue/engine';
import type { Do, ResourceState } from '@qiyue/resource-domain';
import { toNeed, toProject } from './project.steps';

/**
 * What a reservation is for is asked before, whether it is there, runs, and is theirs who reserve. A project that adds a resource itself reserves as a
 * process of ours, behind its own rules.
 */
export const reserveSaga: Saga<ResourceState, Do<'reserve'>> = {
  aggregate: 'resource',
  type: 'reserve',
  plan: ({ data: { projectId, needId } }, _, { actor }) => {
    const id = projectId ?? needId;
    if (id === undefined) return null;
    if (!isEntityId(id)) return refuse('no-such-purpose');
    const who = { role: actor.role, unit: actor.unit };
    return { before: [projectId === undefined ? toNeed(id, 'vouch', who) : toProject(id, 'vouch', who)], undo: [null] };
  },
  refusalOf: ({ refusal }) => {
    switch (refusal.code) {
      case 'not-permitted':
        return refusal;
      case 'not-found':
        return { code: 'no-such-purpose' };
      default:
        return { code: 'purpose-ended' };
    }
  },
};
