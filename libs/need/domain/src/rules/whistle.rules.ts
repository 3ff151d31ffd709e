import { accept, refuse, type Context } from '@qiyue/engine';
import { invalidBody, type Rule } from '../need.decision';
import type { Fact, NeedEvent, Party } from '../need.events';
import { earlierOf, isAfter, isInstant, tablesOf, windowEnd } from '@qiyue/civic-domain';
import type { NeedState, Whistle } from '../need.state';
import { undecidedRefusal } from './decision.rules';

/** 吹哨: the units are called to claim. A date of the community's own counts when it is earlier than the policy's. */
export const whistle: Rule<'whistle', 'submitted'> = ({ data: { units, answerBy, note } }, _, context) => {
  if (units.length === 0) return invalidBody('units');
  if (answerBy !== undefined && (!isInstant(answerBy) || !isAfter(answerBy, context.now))) return invalidBody('answerBy');
  return accept({
    type: 'WhistleBlown',
    data: { reach: 'named', units: [...new Set(units)], answerBy: answeredBy(answerBy, context), ...(note === undefined ? {} : { note }) },
  });
};

const answeredBy = (wished: string | undefined, context: Context): string | null => {
  const byPolicy = answerWindow(context, 'answer');
  if (wished === undefined) return byPolicy;
  return byPolicy === null ? wished : earlierOf(wished, byPolicy);
};

/**
 * 派单. To a unit: it is waited for as one that a whistle calls by name, with whatever date the centre gives, since that office answers for it. To a community: it is
 * that community's from now on.
 */
export const dispatch: Rule<'dispatch', 'submitted'> = ({ data }, state, context) => {
  const { unit, community, answerBy, reason } = data;
  const why = reason === undefined ? {} : { reason };
  if ((unit === undefined) === (community === undefined)) return invalidBody('unit');
  if (unit !== undefined) {
    if (answerBy !== undefined && (!isInstant(answerBy) || !isAfter(answerBy, context.now))) return invalidBody('answerBy');
    return accept({ type: 'NeedDispatched', data: { unit, answerBy: answerBy ?? answerWindow(context, 'answer'), ...why } });
  }
  if (community === undefined || answerBy !== undefined) return invalidBody('answerBy');
  if (community === state.community) return refuse('nothing-to-amend');
  return undecidedRefusal(state, context) ?? accept({ type: 'NeedDispatched', data: { community, oldCommunity: state.community, ...why } });
};

/**
 * 报到. A unit that comes, or says when, is waited for until the claim is due; when every unit that was called by name says that it is not its business, all
 * are called at once. A person of the community may come whether a whistle was blown or not.
 */
export const reportIn: Rule<'report-in', 'submitted' | 'claimed' | 'funded'> = ({ data }, state, context) => {
  const { answer, reason, at, person } = data;
  if (at !== undefined && !isInstant(at)) return invalidBody('at');
  if (context.actor.role !== 'department') {
    if (answer !== 'coming') return invalidBody('answer');
    return accept({
      type: 'VolunteerReportedIn',
      data: { person: person ?? (context.alias ?? context.actor).id, ...(at === undefined ? {} : { at }) },
    });
  }
  const { unit } = context.actor;
  if (person !== undefined) return invalidBody('person');
  if (answer === 'not-ours' && reason === undefined) return invalidBody('reason');
  if (answer === 'later' && (at === undefined || !isAfter(at, context.now))) return invalidBody('at');
  if (unit === null || state.stage !== 'submitted' || !isCalled(state.whistle, unit)) return refuse('not-called');
  const { whistle } = state;
  const answers = { ...whistle.answers, [unit]: answer };
  const reported: NeedEvent = {
    type: 'UnitReportedIn',
    data: {
      ...{ unit, answer },
      ...(reason === undefined ? {} : { reason }),
      ...(at === undefined ? {} : { at }),
      answerBy: answer === 'not-ours' ? whistle.answerBy : null,
    },
  };
  const isNobodys = whistle.reach === 'named' && whistle.units?.every((called) => answers[called] === 'not-ours') === true;
  return accept<NeedEvent>(reported, ...(isNobodys ? calledWider(state, context) : []));
};

const isCalled = (whistle: Whistle | null, unit: string): whistle is Whistle =>
  whistle !== null && (whistle.reach !== 'named' || whistle.units?.includes(unit) === true);

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
