import { refuse, unreachable, type Context } from '@qiyue/engine';
import type { Do, NeedCommand, NeedCommandType } from './need.commands';
import { wrongStage, type NeedDecision, type Rule } from './need.decision';
import { isOwner, ownershipRuleOf } from './need.permissions';
import { isAt, type NeedStage, type NeedState } from './need.state';
import { claim, returnClaim } from './rules/claim.rules';
import { COMMAND_SINCE } from './need.since';
import { join, shareContact } from './rules/contact.rules';
import { retime, tick } from './rules/clock.rules';
import { adjustFunding, cancelWorks, fund } from './rules/money.rules';
import { awaitDecision, noteDecision, whileUndecided } from './rules/decision.rules';
import { deny, grant, pause, requestExtension, resume } from './rules/extension.rules';
import { adopt, amend, inspect, merge, reject, submit, unadopt, vouch, withdraw } from './rules/list.rules';
import { naming } from './rules/naming.rules';
import { joinProject, leaveProject } from './rules/project.rules';
import { close, evaluate, reopen } from './rules/verdict.rules';
import { confirmUrgency } from './rules/urgency.rules';
import { correct } from './rules/correction.rules';
import { dispatch, reportIn, sign, whistle } from './rules/whistle.rules';
import { acceptWorks, complete, progress, refuseWorks, start } from './rules/works.rules';

const NOT_ENDED = ['submitted', 'claimed', 'funded', 'done', 'evaluated'] as const;
const TIMED = ['submitted', 'claimed', 'funded', 'done'] as const;
/** Rules version from which personal words can be corrected after a need was claimed, too. */
const CORRECTION_SINCE = 2;
const EVERY_STAGE: readonly NeedStage[] = [...NOT_ENDED, 'rejected', 'withdrawn', 'merged'];

/**
 * Pure and total. Guards in this order, the first that fails answers:
 * 1. `not-permitted`: the role may never give this command;
 * 2. `wrong-stage`: the need is in another stage, or does not exist;
 * 3. `not-permitted`: the role fits but the need is not this actor's;
 * 4. the rule's own guards, a wrong status inside the stage among them.
 */
export const decide = (command: NeedCommand, state: NeedState, context: Context): NeedDecision =>
  naming(whileUndecided(decideAlone(command, state, context), state, context), state, context);

const decideAlone = (command: NeedCommand, state: NeedState, context: Context): NeedDecision => {
  switch (command.type) {
    case 'submit':
      return apply(submit, ['unborn'], command, state, context);
    case 'amend':
      return apply(amend, context.rules < CORRECTION_SINCE ? ['submitted'] : TIMED, command, state, context);
    case 'withdraw':
      return apply(withdraw, ['submitted'], command, state, context);
    case 'reject':
      return apply(reject, ['submitted'], command, state, context);
    case 'merge':
      return apply(merge, ['submitted'], command, state, context);
    case 'adopt':
      return apply(adopt, EVERY_STAGE, command, state, context);
    case 'unadopt':
      return apply(unadopt, NOT_ENDED, command, state, context);
    case 'inspect':
      return apply(inspect, ['submitted'], command, state, context);
    case 'claim':
      return apply(claim, ['submitted'], command, state, context);
    case 'return':
      return apply(returnClaim, ['claimed'], command, state, context);
    case 'fund':
      return apply(fund, ['claimed'], command, state, context);
    case 'adjust-funding':
      return apply(adjustFunding, since(['funded'], 'adjust-funding', context), command, state, context);
    case 'cancel-works':
      return apply(cancelWorks, since(['funded'], 'cancel-works', context), command, state, context);
    case 'start':
      return apply(start, ['funded'], command, state, context);
    case 'progress':
      return apply(progress, ['funded'], command, state, context);
    case 'complete':
      return apply(complete, ['funded'], command, state, context);
    case 'accept':
      return apply(acceptWorks, ['funded'], command, state, context);
    case 'refuse-works':
      return apply(refuseWorks, ['funded'], command, state, context);
    case 'evaluate':
      return apply(evaluate, ['done'], command, state, context);
    case 'reopen':
      return apply(reopen, ['evaluated'], command, state, context);
    case 'close':
      return apply(close, ['evaluated'], command, state, context);
    case 'whistle':
      return apply(whistle, ['submitted'], command, state, context);
    case 'dispatch':
      return apply(dispatch, since(['submitted'], 'dispatch', context), command, state, context);
    case 'correct':
      return apply(correct, since(TIMED, 'correct', context), command, state, context);
    case 'confirm-urgency':
      return apply(confirmUrgency, since(['submitted', 'claimed', 'funded'], 'confirm-urgency', context), command, state, context);
    case 'sign':
      return apply(sign, ['claimed'], command, state, context);
    case 'pause':
      return apply(pause, ['claimed', 'funded'], command, state, context);
    case 'resume':
      return apply(resume, ['claimed', 'funded'], command, state, context);
    case 'request-extension':
      return apply(requestExtension, ['claimed', 'funded'], command, state, context);
    case 'grant':
      return apply(grant, ['claimed', 'funded'], command, state, context);
    case 'deny':
      return apply(deny, ['claimed', 'funded'], command, state, context);
    case 'join':
      return apply(join, since(['claimed', 'funded', 'done'], 'join', context), command, state, context);
    case 'share-contact':
      return apply(shareContact, since(TIMED, 'share-contact', context), command, state, context);
    case 'vouch':
      return apply(vouch, since(NOT_ENDED, 'vouch', context), command, state, context);
    case 'report-in':
      return apply(reportIn, since(['submitted', 'claimed', 'funded'], 'report-in', context), command, state, context);
    case 'await-decision':
      return apply(awaitDecision, since(['submitted', 'claimed'], 'await-decision', context), command, state, context);
    case 'note-decision':
      return apply(noteDecision, since(EVERY_STAGE, 'note-decision', context), command, state, context);
    case 'join-project':
      return apply(joinProject, since(NOT_ENDED, 'join-project', context), command, state, context);
    case 'leave-project':
      return apply(leaveProject, since(EVERY_STAGE, 'leave-project', context), command, state, context);
    case 'tick':
      return apply(tick, TIMED, command, state, context);
    case 'retime':
      return apply(retime, NOT_ENDED, command, state, context);
    default:
      return unreachable(command);
  }
};

/** False where `decide` answers `not-permitted`, but for the stage, which a deadline can change and which comes between the two guards. */
export const isPermitted = (command: NeedCommand, state: NeedState, context: Context): boolean => {
  const ownership = ownershipRuleOf(command.type, context.actor.role, context);
  return ownership !== null && isOwner(ownership, command, state, context);
};

/** In no stage under rules that did not know the command yet. */
const since = <S>(stages: readonly S[], type: NeedCommandType, { rules }: Context): readonly S[] =>
  rules < (COMMAND_SINCE[type] ?? 1) ? [] : stages;

const apply = <T extends NeedCommandType, S extends NeedState['stage']>(
  rule: Rule<T, S>,
  stages: readonly S[],
  command: Do<T>,
  state: NeedState,
  context: Context,
): NeedDecision => {
  const { actor } = context;
  const ownership = ownershipRuleOf(command.type, actor.role, context);
  if (ownership === null) return refuse('not-permitted', { command: command.type, role: actor.role });
  if (!isAt(state, stages)) return wrongStage(command, state);
  if (!isOwner(ownership, command, state, context)) return refuse('not-permitted', { command: command.type, rule: ownership });
  return rule(command, state, context);
};
