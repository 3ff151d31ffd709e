import { refuse, unreachable, type Context } from '@qiyue/engine';
import type { Do, ProjectCommand, ProjectCommandType } from './project.commands';
import type { ProjectDecision, Rule } from './project.decision';
import { isOwner, ownershipRuleOf } from './project.permissions';
import { close, retime, tick } from './rules/clock.rules';
import { addNeed, needMoved } from './rules/need.rules';
import { addResource, cancel, finish, join, milestone, plan, planItem, resourceMoved, start, vouch } from './rules/plan.rules';
import { PROJECT_STAGES, RUNNING, type Project, type ProjectStage, type ProjectState } from './project.state';

/**
 * Pure and total. Guards in this order, the first that fails answers:
 * 1. `not-permitted`: the role may never give this command;
 * 2. `wrong-stage`: it is not so far, over, or does not exist;
 * 3. `not-permitted`: the role fits but the project is another unit's or community's;
 * 4. the rule's own guards.
 */
export const decide = (command: ProjectCommand, state: ProjectState, context: Context): ProjectDecision => {
  switch (command.type) {
    case 'plan':
      return apply(plan, ['nonexistent', ...PROJECT_STAGES], command, state, context);
    case 'vouch':
      return apply(vouch, RUNNING, command, state, context);
    case 'plan-item':
      return apply(planItem, ['nonexistent', ...PROJECT_STAGES], command, state, context);
    case 'join':
      return apply(join, RUNNING, command, state, context);
    case 'add-need':
      return apply(addNeed, RUNNING, command, state, context);
    case 'add-resource':
      return apply(addResource, RUNNING, command, state, context);
    case 'start':
      return apply(start, RUNNING, command, state, context);
    case 'milestone':
      return apply(milestone, RUNNING, command, state, context);
    case 'finish':
      return apply(finish, ['under-way'], command, state, context);
    case 'cancel':
      return apply(cancel, RUNNING, command, state, context);
    case 'need-moved':
      return apply(needMoved, PROJECT_STAGES, command, state, context);
    case 'resource-moved':
      return apply(resourceMoved, PROJECT_STAGES, command, state, context);
    case 'tick':
      return apply(tick, PROJECT_STAGES, command, state, context);
    case 'close':
      return apply(close, PROJECT_STAGES, command, state, context);
    case 'retime':
      return apply(retime, PROJECT_STAGES, command, state, context);
    default:
      return unreachable(command);
  }
};

/** False where `decide` answers `not-permitted`, but for the stage, which a need can change and which comes between the two guards. */
export const isPermitted = (command: ProjectCommand, state: ProjectState, { actor }: Context): boolean => {
  const ownership = ownershipRuleOf(command.type, actor.role);
  return ownership !== null && isOwner(ownership, command, state, actor);
};

type Met<S> = S extends ProjectStage ? Project : ProjectState;

const apply = <T extends ProjectCommandType, S extends ProjectState['stage']>(
  rule: Rule<T, Met<S>>,
  stages: readonly S[],
  command: Do<T>,
  state: ProjectState,
  context: Context,
): ProjectDecision => {
  const { actor } = context;
  const ownership = ownershipRuleOf(command.type, actor.role);
  if (ownership === null) return refuse('not-permitted', { command: command.type, role: actor.role });
  if (!isAt(state, stages)) return refuse('wrong-stage', { command: command.type, stage: state.stage });
  if (!isOwner(ownership, command, state, actor)) return refuse('not-permitted', { command: command.type, rule: ownership });
  return rule(command, state, context);
};

const isAt = <S extends ProjectState['stage']>(state: ProjectState, stages: readonly S[]): state is Met<S> & ProjectState =>
  stages.some((stage) => stage === state.stage);
