import { accept, refuse } from '@qiyue/engine';
import { invalidBody, wrongStage, type Rule } from '../need.decision';
import { startDeadline } from '../need.policy';
import { MONEY_SINCE } from '../need.since';
import { matterOf } from '../need.state';
import { tooEarly } from './decision.rules';
import { spending } from './money.rules';

/** Once per funding; works that were refused and go on are not started again. */
export const start: Rule<'start', 'funded'> = (command, state, context) => {
  if (state.status === 'at-acceptance') return wrongStage(command, state);
  const early = tooEarly(state, context);
  if (early !== null) return early;
  if (state.status !== 'waiting-to-start') return refuse('already-started');
  return accept({ type: 'WorksStarted', data: command.data });
};

export const progress: Rule<'progress', 'funded'> = (command, state) =>
  state.status === 'at-acceptance' ? wrongStage(command, state) : accept({ type: 'ProgressReported', data: command.data });

/** `start` is not required: small works are reported when they are done. */
export const complete: Rule<'complete', 'funded'> = (command, state, context) => {
  const { rules } = context;
  if (state.status === 'at-acceptance') return wrongStage(command, state);
  const early = tooEarly(state, context);
  if (early !== null) return early;
  const { evidence, finalCostFen = 0 } = command.data;
  if (evidence.length === 0) return invalidBody('evidence');
  if (rules >= MONEY_SINCE) {
    if (!Number.isSafeInteger(finalCostFen) || finalCostFen < 0) return invalidBody('finalCostFen');
    if (finalCostFen > state.amountFen) return refuse('over-budget', { fundedFen: state.amountFen });
  }
  return accept({ type: 'WorksReported', data: command.data });
};

/** 验收: what the owners' maintenance fund pays is for the authority to accept. */
export const acceptWorks: Rule<'accept', 'funded'> = (command, state, context) => {
  if (state.status !== 'at-acceptance') return wrongStage(command, state);
  if (state.money?.owners !== undefined && context.actor.role !== 'authority') return refuse('authority-only');
  const { dueAt, under } = startDeadline(context, matterOf('done', state));
  return accept({ type: 'NeedDone', data: { ...command.data, evaluateBy: dueAt, ...spending(state, context), ...under } });
};

export const refuseWorks: Rule<'refuse-works', 'funded'> = (command, state) =>
  state.status === 'at-acceptance' ? accept({ type: 'WorksRefused', data: command.data }) : wrongStage(command, state);
