import { accept, refuse } from '@qiyue/engine';
import type { Rule } from '../need.decision';
import { isAfter } from '@qiyue/civic-domain';
import { promiseRefusal, returnUntil, startDeadline } from '../need.policy';
import { matterOf } from '../need.state';

export const claim: Rule<'claim', 'submitted'> = ({ data }, state, context) => {
  const refused = data.promisedBy === undefined ? null : promiseRefusal(data.promisedBy, context);
  if (refused !== null) return refused;
  const helpers = new Set(data.helpers ?? []);
  helpers.delete(data.unit); // the lead does not help itself
  const { dueAt, under } = startDeadline(context, matterOf('claimed', state));
  return accept({
    type: 'NeedClaimed',
    data: {
      unit: data.unit,
      helpers: [...helpers],
      plan: data.plan,
      ...(data.promisedBy === undefined ? {} : { promisedBy: data.promisedBy }),
      claimedAt: context.now,
      fundBy: dueAt,
      returnUntil: returnUntil(context),
      ...under,
    },
  });
};

/** 退单: the last instant of the window still counts. */
export const returnClaim: Rule<'return', 'claimed'> = ({ data: { reason } }, state, context) => {
  if (state.returnUntil !== null && isAfter(context.now, state.returnUntil)) return refuse('too-late', { until: state.returnUntil });
  const { dueAt, under } = startDeadline(context, matterOf('submitted', state));
  return accept({ type: 'ClaimReturned', data: { reason, unit: state.lead, claimBy: dueAt, ...under } });
};
