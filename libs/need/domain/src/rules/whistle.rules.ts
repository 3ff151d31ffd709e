import { accept, refuse, type Context } from '@qiyue/engine';
import { invalidBody, type Rule } from '../need.decision';
import type { Fact, Party } from '../need.events';
import { earlierOf, isAfter, isInstant, tablesOf, windowEnd } from '@qiyue/civic-domain';
import type { NeedState } from '../need.state';

/** 吹哨: the units are called to claim. A date of the community's own counts when it is earlier than the policy's. */
export const whistle: Rule<'whistle', 'submitted'> = ({ data: { units, answerBy, note } }, _, context) => {
  if (units.length === 0) return invalidBody('units');
  if (answerBy !== undefined && (!isInstant(answerBy) || !isAfter(answerBy, context.now))) return invalidBody('answerBy');
  const byPolicy = answerWindow(context, 'answer');
  return accept({
    type: 'WhistleBlown',
    data: {
      reach: 'named',
      units: [...new Set(units)],
      answerBy: answerBy === undefined ? byPolicy : byPolicy === null ? answerBy : earlierOf(answerBy, byPolicy),
      ...(note === undefined ? {} : { note }),
    },
  });
};

/** Nobody claimed in time: first all departments are called, then the centre has to find one (兜底). */
export const calledWider = (state: NeedState, context: Context): readonly [Fact<'WhistleBlown'>] => {
  const isLast = state.stage === 'submitted' && state.whistle?.reach === 'all';
  return [{ type: 'WhistleBlown', data: { reach: isLast ? 'centre' : 'all', units: [], answerBy: isLast ? null : answerWindow(context, 'wider') } }];
};

const answerWindow = (context: Context, name: 'answer' | 'wider'): string | null => {
  const tables = tablesOf(context);
  return tables && windowEnd(tables, context.now, tables.policy.whistle[name]);
};

/** Either party once per claim: 甲方 the community, 乙方 the lead. */
export const sign: Rule<'sign', 'claimed'> = ({ data }, state, { actor }) => {
  const party: Party = actor.role === 'community' ? 'community' : 'department';
  if (state.signed.includes(party)) return refuse('already-signed');
  return accept({ type: 'ContractSigned', data: { party, unit: actor.unit, ...data } });
};
