import type { Decider, Due, Summary } from '@qiyue/engine';
import type { ResourceCommand } from './resource.commands';
import { decide, isPermitted } from './resource.decide';
import type { ResourceEvent } from './resource.events';
import { evolve } from './resource.evolve';
import { resourceLabels } from './resource.labels';
import type { ResourceRefusal } from './resource.refusals';
import { nonexistent, openOf, statusOf, type ResourceState } from './resource.state';

const summary = (state: ResourceState): Summary =>
  state.stage === 'nonexistent' ? { stage: null, status: null } : { stage: state.stage, status: statusOf(state) };

/** Nobody is waited for, so it has no deadline and no ladder: it is withdrawn by itself when its time is over. */
const due = (state: ResourceState): Due<ResourceCommand> | null =>
  state.stage === 'offered' && state.to !== null ? { at: state.to, command: { type: 'expire', data: {} } } : null;

/** What is withdrawn waits until the last of it was used or freed. */
const isFinal = (state: ResourceState): boolean => state.stage === 'withdrawn' && openOf(state.reservations).length === 0;

/** Raise it with every release that changes what is decided, and branch by `context.rules`: see infra/docs/rules.md. */
export const RESOURCE_RULES = 2;

/** What a unit can give, and to whom it is promised when, for the engine. */
export const resourceDecider: Decider<ResourceState, ResourceCommand, ResourceEvent, ResourceRefusal> = {
  aggregate: 'resource',
  rules: RESOURCE_RULES,
  startsWith: 'offer',
  initial: nonexistent,
  decide,
  isPermitted,
  evolve,
  due,
  isFinal,
  summary,
  labels: resourceLabels,
};
