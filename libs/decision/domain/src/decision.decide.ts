import { refuse, unreachable, type Context } from '@qiyue/engine';
import type { DecisionCommand, DecisionCommandType, Do } from './decision.commands';
import { TIMED_STAGES } from './decision.events';
import { isOwner, ownershipRuleOf } from './decision.permissions';
import { wrongStage, type Rule, type Ruling } from './decision.ruling';
import { isAt, OVER_STAGES, type DecisionStage, type DecisionState } from './decision.state';
import { closeBallot, count, openBallot, sign, vote } from './rules/ballot.rules';
import { retime, tick } from './rules/clock.rules';
import { auditAccount, cancel, commit, draw, endWarranty, needEnded, release, repay, reserve, resize, worksAccepted } from './rules/money.rules';
import { challenge, confirm, declareEmergency, endNotice, postNotice, settle } from './rules/notice.rules';
import { holdCouncil, mediate, object, open, revisePlan, takeUp, visit, type Discussed } from './rules/prepare.rules';

const DISCUSSED: readonly Discussed[] = [...TIMED_STAGES.filter((stage) => stage !== 'warranty'), 'counting', 'confirmed'];
const RUNNING: readonly (Discussed | 'warranty')[] = [...DISCUSSED, 'warranty'];
const EVERY_STAGE: readonly DecisionStage[] = [...RUNNING, ...OVER_STAGES];
const SINCE_BALLOT = EVERY_STAGE.filter((stage) => stage !== 'preparing' && stage !== 'declared' && stage !== 'emergency');
const PAYING = ['confirmed', 'emergency', 'warranty'] as const;

/**
 * Pure and total. Guards in this order, the first that fails answers:
 * 1. `not-permitted`: the role may never give this command;
 * 2. `closed` or `wrong-stage`: it is over, or not so far, or does not exist;
 * 3. `not-permitted`: the role fits but the decision is another community's, the room another owner's;
 * 4. the rule's own guards.
 */
export const decide = (command: DecisionCommand, state: DecisionState, context: Context): Ruling => {
  switch (command.type) {
    case 'open':
      return apply(open, ['nonexistent'], command, state, context);
    case 'hold-council':
      return apply(holdCouncil, DISCUSSED, command, state, context);
    case 'visit':
      return apply(visit, DISCUSSED, command, state, context);
    case 'object':
      return apply(object, DISCUSSED, command, state, context);
    case 'mediate':
      return apply(mediate, DISCUSSED, command, state, context);
    case 'revise-plan':
      return apply(revisePlan, ['preparing'], command, state, context);
    case 'open-ballot':
      return apply(openBallot, ['preparing'], command, state, context);
    case 'vote':
      return apply(vote, SINCE_BALLOT, command, state, context);
    case 'close-ballot':
      return apply(closeBallot, ['voting'], command, state, context);
    case 'sign':
      return apply(sign, ['voting', 'counting', 'passed', 'noticing', 'confirming', 'confirmed'], command, state, context);
    case 'post-notice':
      return apply(postNotice, ['passed', 'emergency'], command, state, context);
    case 'challenge':
      return apply(challenge, ['noticing', 'emergency'], command, state, context);
    case 'settle':
      return apply(settle, RUNNING, command, state, context);
    case 'confirm':
      return apply(confirm, ['noticing', 'confirming', 'declared'], command, state, context);
    case 'cancel':
      return apply(cancel, DISCUSSED, command, state, context);
    case 'declare-emergency':
      return apply(declareEmergency, ['preparing'], command, state, context);
    case 'draw':
      return apply(draw, PAYING, command, state, context);
    case 'repay':
      return apply(repay, EVERY_STAGE, command, state, context);
    case 'audit-account':
      return apply(auditAccount, PAYING, command, state, context);
    case 'count':
      return apply(count, EVERY_STAGE, command, state, context);
    case 'take-up':
      return apply(takeUp, EVERY_STAGE, command, state, context);
    case 'reserve':
      return apply(reserve, ['nonexistent', ...EVERY_STAGE], command, state, context);
    case 'resize':
      return apply(resize, EVERY_STAGE, command, state, context);
    case 'commit':
      return apply(commit, EVERY_STAGE, command, state, context);
    case 'release':
      return apply(release, EVERY_STAGE, command, state, context);
    case 'works-accepted':
      return apply(worksAccepted, EVERY_STAGE, command, state, context);
    case 'need-ended':
      return apply(needEnded, EVERY_STAGE, command, state, context);
    case 'end-notice':
      return apply(endNotice, ['noticing', 'emergency'], command, state, context);
    case 'end-warranty':
      return apply(endWarranty, ['warranty'], command, state, context);
    case 'tick':
      return apply(tick, TIMED_STAGES, command, state, context);
    case 'retime':
      return apply(retime, EVERY_STAGE, command, state, context);
    default:
      return unreachable(command);
  }
};

/** False where `decide` answers `not-permitted`, but for the stage, which a deadline can change and which comes between the two guards. */
export const isPermitted = (command: DecisionCommand, state: DecisionState, { actor }: Context): boolean => {
  const ownership = ownershipRuleOf(command.type, actor.role);
  return ownership !== null && isOwner(ownership, command, state, actor);
};

const apply = <T extends DecisionCommandType, S extends DecisionState['stage']>(
  rule: Rule<T, S>,
  stages: readonly S[],
  command: Do<T>,
  state: DecisionState,
  context: Context,
): Ruling => {
  const { actor } = context;
  const ownership = ownershipRuleOf(command.type, actor.role);
  if (ownership === null) return refuse('not-permitted', { command: command.type, role: actor.role });
  if (!isAt(state, stages)) return wrongStage(command, state);
  if (!isOwner(ownership, command, state, actor)) return refuse('not-permitted', { command: command.type, rule: ownership });
  return rule(command, state, context);
};
