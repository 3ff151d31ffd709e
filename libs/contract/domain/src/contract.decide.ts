import { refuse, unreachable, type Context } from '@qiyue/engine';
import type { ContractCommand, ContractCommandType, Do } from './contract.commands';
import { wrongStage, type ContractDecision, type Rule } from './contract.decision';
import { TIMED_STAGES } from './contract.events';
import { isOwner, ownershipRuleOf, sideGiving } from './contract.permissions';
import { isAt, type ContractStage, type ContractState } from './contract.state';
import { retime, tick } from './rules/clock.rules';
import { end, evaluate, finishItem, takeEffect, terminate, vouch } from './rules/life.rules';
import { agreeAmendment, amend, declineAmendment, propose, sign, withdraw } from './rules/terms.rules';

const EVERY_STAGE: readonly ContractStage[] = [...TIMED_STAGES, 'closed'];
const AMENDABLE: readonly ('proposed' | 'in-force')[] = ['proposed', 'in-force'];
const FROM_FORCE: readonly ('in-force' | 'evaluating')[] = ['in-force', 'evaluating'];

export const decide = (command: ContractCommand, state: ContractState, context: Context): ContractDecision => {
  switch (command.type) {
    case 'propose':
      return apply(propose, ['nonexistent'], command, state, context);
    case 'sign':
      return apply(sign, ['proposed'], command, state, context);
    case 'withdraw':
      return apply(withdraw, ['proposed'], command, state, context);
    case 'amend':
      return apply(amend, AMENDABLE, command, state, context);
    case 'agree-amendment':
      return apply(agreeAmendment, AMENDABLE, command, state, context);
    case 'decline-amendment':
      return apply(declineAmendment, AMENDABLE, command, state, context);
    case 'finish-item':
      return apply(finishItem, FROM_FORCE, command, state, context);
    case 'evaluate':
      return apply(evaluate, FROM_FORCE, command, state, context);
    case 'terminate':
      return apply(terminate, ['in-force'], command, state, context);
    case 'vouch':
      return apply(vouch, ['in-force'], command, state, context);
    case 'end':
      return apply(end, TIMED_STAGES, command, state, context);
    case 'take-effect':
      return apply(takeEffect, TIMED_STAGES, command, state, context);
    case 'tick':
      return apply(tick, TIMED_STAGES, command, state, context);
    case 'retime':
      return apply(retime, EVERY_STAGE, command, state, context);
    default:
      return unreachable(command);
  }
};

/** False where `decide` answers `not-permitted`, but for the stage, which a deadline can change and which comes between the two guards. */
export const isPermitted = (command: ContractCommand, state: ContractState, { actor }: Context): boolean => {
  const ownership = ownershipRuleOf(command.type, actor.role);
  return ownership !== null && isOwner(ownership, command, state, actor);
};

const apply = <T extends ContractCommandType, S extends ContractState['stage']>(
  rule: Rule<T, S>,
  stages: readonly S[],
  command: Do<T>,
  state: ContractState,
  context: Context,
): ContractDecision => {
  const { actor } = context;
  const ownership = ownershipRuleOf(command.type, actor.role);
  if (ownership === null) return refuse('not-permitted', { command: command.type, role: actor.role });
  if (!isAt(state, stages)) return wrongStage(command, state);
  if (!isOwner(ownership, command, state, actor)) return refuse('not-permitted', { command: command.type, rule: ownership });
  return rule(command, state, context, sideGiving(command, state, actor) ?? 'community');
};
