import { refuse, unreachable, type Context } from '@qiyue/engine';
import { close, open, publish } from './rules/year.rules';
import { adjustBudget, commit, release, reserve, resize, setBudget } from './rules/money.rules';
import { amendPledge, carryOver, contest, fulfilPledge, link, pledge, settle, unlink, withdrawPledge } from './rules/pledge.rules';
import { retime, tick } from './rules/clock.rules';
import type { Do, UnitYearCommand, UnitYearCommandType } from './unit-year.commands';
import { wrongStage, type Rule, type UnitYearDecision } from './unit-year.decision';
import { TIMED_STAGES } from './unit-year.events';
import { isOwner, ownershipRuleOf } from './unit-year.permissions';
import { isAt, type UnitYearStage, type UnitYearState } from './unit-year.state';

const EVERY_STAGE: readonly UnitYearStage[] = [...TIMED_STAGES, 'closed'];
const PUBLIC: readonly ('published' | 'fulfilling')[] = ['published', 'fulfilling'];

/**
 * Pure and total. Guards in this order, the first that fails answers:
 * 1. `not-permitted`: the role may never give this command;
 * 2. `closed` or `wrong-stage`: the year is over, or not so far, or does not exist;
 * 3. `not-permitted`: the role fits but the year is another unit's;
 * 4. the rule's own guards.
 */
export const decide = (command: UnitYearCommand, state: UnitYearState, context: Context): UnitYearDecision => {
  switch (command.type) {
    case 'open':
      return apply(open, ['nonexistent', ...EVERY_STAGE], command, state, context);
    case 'set-budget':
      return apply(setBudget, TIMED_STAGES, command, state, context);
    case 'adjust-budget':
      return apply(adjustBudget, TIMED_STAGES, command, state, context);
    case 'pledge':
      return apply(pledge, TIMED_STAGES, command, state, context);
    case 'amend-pledge':
      return apply(amendPledge, TIMED_STAGES, command, state, context);
    case 'withdraw-pledge':
      return apply(withdrawPledge, TIMED_STAGES, command, state, context);
    case 'publish':
      return apply(publish, ['pledging'], command, state, context);
    case 'link':
      return apply(link, TIMED_STAGES, command, state, context);
    case 'unlink':
      return apply(unlink, TIMED_STAGES, command, state, context);
    case 'contest':
      return apply(contest, PUBLIC, command, state, context);
    case 'settle':
      return apply(settle, PUBLIC, command, state, context);
    case 'carry-over':
      return apply(carryOver, PUBLIC, command, state, context);
    case 'close':
      return apply(close, TIMED_STAGES, command, state, context);
    case 'reserve':
      return apply(reserve, ['nonexistent', ...TIMED_STAGES], command, state, context);
    case 'resize':
      return apply(resize, EVERY_STAGE, command, state, context);
    case 'commit':
      return apply(commit, EVERY_STAGE, command, state, context);
    case 'release':
      return apply(release, EVERY_STAGE, command, state, context);
    case 'fulfil-pledge':
      return apply(fulfilPledge, EVERY_STAGE, command, state, context);
    case 'tick':
      return apply(tick, TIMED_STAGES, command, state, context);
    case 'retime':
      return apply(retime, EVERY_STAGE, command, state, context);
    default:
      return unreachable(command);
  }
};

/** False where `decide` answers `not-permitted`, but for the stage, which a deadline can change and which comes between the two guards. */
export const isPermitted = (command: UnitYearCommand, state: UnitYearState, { actor }: Context): boolean => {
  const ownership = ownershipRuleOf(command.type, actor.role);
  return ownership !== null && isOwner(ownership, state, actor);
};

const apply = <T extends UnitYearCommandType, S extends UnitYearState['stage']>(
  rule: Rule<T, S>,
  stages: readonly S[],
  command: Do<T>,
  state: UnitYearState,
  context: Context,
): UnitYearDecision => {
  const { actor } = context;
  const ownership = ownershipRuleOf(command.type, actor.role);
  if (ownership === null) return refuse('not-permitted', { command: command.type, role: actor.role });
  if (!isAt(state, stages)) return wrongStage(command, state);
  if (!isOwner(ownership, state, actor)) return refuse('not-permitted', { command: command.type, rule: ownership });
  return rule(command, state, context);
};
