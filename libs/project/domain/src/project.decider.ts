import type { Decider, Summary } from '@qiyue/engine';
import type { ProjectCommand } from './project.commands';
import { decide, isPermitted } from './project.decide';
import type { ProjectEvent } from './project.events';
import { evolve } from './project.evolve';
import { projectLabels } from './project.labels';
import type { ProjectRefusal } from './project.refusals';
import { nextDue } from './rules/clock.rules';
import { nonexistent, statusOf, type ProjectState } from './project.state';

const summary = (state: ProjectState): Summary =>
  state.stage === 'nonexistent' ? { stage: null, status: null } : { stage: state.stage, status: statusOf(state) };

const isFinal = (state: ProjectState): boolean => state.stage !== 'nonexistent' && statusOf(state) === 'ended';

/** Raise it with every release that changes what is decided, and branch by `context.rules`: see infra/docs/rules.md. */
export const PROJECT_RULES = 2;

/** Needs, resources, a contract and money of one undertaking, for the engine. */
export const projectDecider: Decider<ProjectState, ProjectCommand, ProjectEvent, ProjectRefusal> = {
  aggregate: 'project',
  rules: PROJECT_RULES,
  startsWith: 'plan',
  initial: nonexistent,
  decide,
  isPermitted,
  evolve,
  due: nextDue,
  isFinal,
  summary,
  labels: projectLabels,
};
