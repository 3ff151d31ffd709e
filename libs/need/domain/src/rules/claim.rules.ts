import { accept, refuse } from '@qiyue/engine';
import { invalidBody, type Rule } from '../need.decision';
import { earlierOf, isAfter, isInstant, policyOf, windowEnd } from '../need.policy';

export const AMOUNT_FEN_MAX = 10_000_000_000_000;

export const claim: Rule<'claim', 'submitted'> = ({ data }, _, context) => {
  if (data.promisedBy !== undefined && !isInstant(data.promisedBy)) return invalidBody('promisedBy');
  const helpers = new Set(data.helpers ?? []);
  helpers.delete(data.unit); // the lead does not help itself
  return accept({
    type: 'NeedClaimed',
    data: {
      unit: data.unit,
      helpers: [...helpers],
      plan: data.plan,
      ...(data.promisedBy === undefined ? {} : { promisedBy: data.promisedBy }),
      claimedAt: context.now,
      fundBy: windowEnd(context, 'fundHours'),
      returnUntil: windowEnd(context, 'returnHours'),
      policy: policyOf(context).version,
    },
  });
};

/** 退单: the last instant of the window still counts. */
export const giveBack: Rule<'return', 'claimed'> = ({ data: { reason } }, state, context) => {
  if (isAfter(context.now, state.returnUntil)) return refuse('too-late', { until: state.returnUntil });
  return accept({
    type: 'ClaimReturned',
    data: { reason, unit: state.lead, claimBy: windowEnd(context, 'claimHours'), policy: policyOf(context).version },
  });
};

export const fund: Rule<'fund', 'claimed'> = ({ data: { amountFen, source, reference } }, state, context) => {
  if (!Number.isSafeInteger(amountFen) || amountFen < 1 || amountFen > AMOUNT_FEN_MAX) return invalidBody('amountFen');
  if (source !== 'department' && source !== 'donation') return refuse('decision-missing', { source, missing: 'passed-owners-decision' });
  const windowDoneBy = windowEnd(context, 'doneHours');
  return accept({
    type: 'NeedFunded',
    data: {
      amountFen,
      source,
      reference,
      unit: context.actor.unit,
      doneBy: state.promisedBy === null ? windowDoneBy : earlierOf(state.promisedBy, windowDoneBy),
      policy: policyOf(context).version,
    },
  });
};
