import { refuse, unreachable, type Context } from '@qiyue/engine';
import type { Do, ResourceCommand, ResourceCommandType } from './resource.commands';
import { type ResourceDecision, type Rule } from './resource.decision';
import { isOwner, ownershipRuleOf } from './resource.permissions';
import { change, expire, offer, withdraw } from './rules/offer.rules';
import { free, reserve, use } from './rules/reservation.rules';
import { RESOURCE_STAGES, type Resource, type ResourceStage, type ResourceState } from './resource.state';

/**
 * Pure and total. Guards in this order, the first that fails answers:
 * 1. `not-permitted`: the role may never give this command;
 * 2. `wrong-stage`: it is withdrawn, or does not exist;
 * 3. `not-permitted`: the role fits but the resource, or the reservation, is another's;
 * 4. the rule's own guards.
 */
export const decide = (command: ResourceCommand, state: ResourceState, context: Context): ResourceDecision => {
  switch (command.type) {
    case 'offer':
      return apply(offer, ['nonexistent'], command, state, context);
    case 'change':
      return apply(change, ['offered'], command, state, context);
    case 'withdraw':
      return apply(withdraw, ['offered'], command, state, context);
    case 'reserve':
      return apply(reserve, ['offered'], command, state, context);
    case 'use':
      return apply(use, RESOURCE_STAGES, command, state, context);
    case 'free':
      return apply(free, RESOURCE_STAGES, command, state, context);
    case 'expire':
      return apply(expire, RESOURCE_STAGES, command, state, context);
    default:
      return unreachable(command);
  }
};

/** False where `decide` answers `not-permitted`, but for the stage, which the timer can change and which comes between the two guards. */
export const isPermitted = (command: ResourceCommand, state: ResourceState, { actor }: Context): boolean => {
  const ownership = ownershipRuleOf(command.type, actor.role);
  return ownership !== null && isOwner(ownership, command, state, actor);
};

type Met<S> = S extends ResourceStage ? Resource : ResourceState;

const apply = <T extends ResourceCommandType, S extends ResourceState['stage']>(
  rule: Rule<T, Met<S>>,
  stages: readonly S[],
  command: Do<T>,
  state: ResourceState,
  context: Context,
): ResourceDecision => {
  const { actor } = context;
  const ownership = ownershipRuleOf(command.type, actor.role);
  if (ownership === null) return refuse('not-permitted', { command: command.type, role: actor.role });
  if (!isAt(state, stages)) return refuse('wrong-stage', { command: command.type, stage: state.stage });
  if (!isOwner(ownership, command, state, actor)) return refuse('not-permitted', { command: command.type, rule: ownership });
  return rule(command, state, context);
};

const isAt = <S extends ResourceState['stage']>(state: ResourceState, stages: readonly S[]): state is Met<S> & ResourceState =>
  stages.some((stage) => stage === state.stage);
