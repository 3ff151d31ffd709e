import { accept, refuse, type Context } from '@qiyue/engine';
import type { Side } from '../need.commands';
import { invalidBody, wrongStage, type Rule } from '../need.decision';
import type { Fact, NeedEvent } from '../need.events';
import { isAfter } from '@qiyue/civic-domain';
import { closing, returnUntil, startDeadline } from '../need.policy';
import { MONEY_SINCE } from '../need.since';
import { matterOf, type Done, type Led, type Verdict } from '../need.state';

/** The second side's verdict decides in the same breath: evaluated, and reopened when either side is not satisfied. */
export const evaluate: Rule<'evaluate', 'done'> = ({ data: { side, ...verdict } }, state, context) => {
  if (!Number.isInteger(verdict.score) || verdict.score < 1 || verdict.score > 5) return invalidBody('score');
  if (state.verdicts[side] !== null) return refuse('already-evaluated', { side });
  const given: NeedEvent = { type: side === 'resident' ? 'ResidentEvaluated' : 'CommunityEvaluated', data: verdict };
  const evaluated = summedUp(side, verdict, state, context);
  if (evaluated === null) return accept(given);
  if (evaluated.data.satisfied) return accept<NeedEvent>(given, evaluated);
  return accept<NeedEvent>(given, evaluated, reopened(state, context, { cause: 'unsatisfied' }));
};

/** null while the other side has not spoken. */
const summedUp = (side: Side, verdict: Verdict, state: Done, context: Context): Fact<'NeedEvaluated'> | null => {
  const { verdicts } = state;
  const resident = side === 'resident' ? verdict : verdicts.resident;
  const community = side === 'community' ? verdict : verdicts.community;
  if (resident === null || community === null) return null;
  return {
    type: 'NeedEvaluated',
    data: {
      residentScore: resident.score,
      communityScore: community.score,
      satisfied: resident.satisfied && community.satisfied,
      ...delivered(state, context),
      ...closing(context),
    },
  };
};

/** Who has done what was evaluated. */
export const delivered = ({ lead, kind }: Led, { rules }: Context): Pick<Fact<'NeedEvaluated'>['data'], 'unit' | 'kind'> =>
  rules < MONEY_SINCE ? {} : { unit: lead, ...(kind === undefined ? {} : { kind }) };

type Why = Pick<Fact<'NeedReopened'>['data'], 'cause' | 'reason'>;

export const reopened = (state: Led, context: Context, why: Why): Fact<'NeedReopened'> => {
  const { dueAt, under } = startDeadline(context, matterOf('claimed', state));
  return {
    type: 'NeedReopened',
    data: { ...why, unit: state.lead, round: state.round + 1, fundBy: dueAt, returnUntil: returnUntil(context), ...under },
  };
};

export const reopen: Rule<'reopen', 'evaluated'> = (command, state, context) => {
  if (state.status === 'closed') return wrongStage(command, state);
  if (!isAfter(state.closesAt, context.now)) return refuse('too-late', { until: state.closesAt });
  return accept(reopened(state, context, { cause: 'by-hand', reason: command.data.reason }));
};

/** A timer that comes early, late or twice is not an error. */
export const close: Rule<'close', 'evaluated'> = (_, state, context) =>
  state.status === 'open-to-reopen' && !isAfter(state.closesAt, context.now) ? accept({ type: 'NeedClosed', data: {} }) : accept();
