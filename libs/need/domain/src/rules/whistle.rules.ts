import { accept, refuse, type Context } from '@qiyue/engine';
import { invalidBody, type NeedDecision, type Rule } from '../need.decision';
import type { Fact, NeedEvent, Party } from '../need.events';
import { earlierOf, EMERGENCY_WHISTLE, isAfter, isInstant, tablesOf, windowEnd } from '@qiyue/civic-domain';
import { answerDayEnd } from '../need.policy';
import { EMERGENCIES_SINCE } from '../need.since';
import type { NeedState, Submitted, Whistle } from '../need.state';
import { undecidedRefusal } from './decision.rules';

/** 吹哨: the units are called to claim. A date of the community's own counts when it is earlier than the policy's. */
export const whistle: Rule<'whistle', 'submitted'> = ({ data: { units, answerBy, note } }, state, context) => {
  if (units.length === 0) return invalidBody('units');
  const refused = answerRefusal(answerBy, state, context);
  if (refused !== null) return refused;
  return accept({
    type: 'WhistleBlown',
    data: { reach: 'named', units: [...new Set(units)], answerBy: answeredBy(answerBy, state, context), ...(note === undefined ? {} : { note }) },
  });
};

/** A date to answer by lies ahead, not behind the claim's own deadline where that runs in hours, and not farther off than the policy lets anybody wait. */
const answerRefusal = (answerBy: string | undefined, state: Submitted, context: Context): NeedDecision | null => {
  if (answerBy === undefined) return null;
  if (!isInstant(answerBy)) return invalidBody('answerBy');
  const isAhead = isAfter(answerBy, context.now);
  if (context.rules < EMERGENCIES_SINCE) return isAhead ? null : invalidBody('answerBy');
  const latest = latestAnswer(state, context);
  return isAhead && !isAfter(answerBy, latest) ? null : refuse('bad-answer-by', { earliest: context.now, latest });
};

const latestAnswer = (state: Submitted, context: Context): string => {
  const byClaim = isPressing(state) ? (claimAhead(state, context) ?? answerWindow(state, context, 'answer')) : null;
  return byClaim ?? answerDayEnd(context);
};

/** Its claim is due in hours, not in working days. */
const isPressing = ({ urgency }: Submitted): boolean => urgency !== 'normal';

/** When the claim is due, while that is ahead. */
const claimAhead = ({ claimBy }: Submitted, { now }: Context): string | null => (claimBy !== null && isAfter(claimBy, now) ? claimBy : null);

const answeredBy = (wished: string | undefined, state: Submitted, context: Context): string | null => {
  const byPolicy = answerWindow(state, context, 'answer');
  if (wished === undefined) return byPolicy;
  return byPolicy === null ? wished : earlierOf(wished, byPolicy);
};

/**
 * 派单. To a unit: it is waited for as one that a whistle calls by name, with whatever date within the bounds the centre gives, since that office answers for it. To
 * a community: it is that community's from now on.
 */
export const dispatch: Rule<'dispatch', 'submitted'> = ({ data }, state, context) => {
  const { unit, community, answerBy, reason } = data;
  const why = reason === undefined ? {} : { reason };
  if ((unit === undefined) === (community === undefined)) return invalidBody('unit');
  if (unit !== undefined) {
    return (
      answerRefusal(answerBy, state, context) ??
      accept({ type: 'NeedDispatched', data: { unit, answerBy: answerBy ?? answerWindow(state, context, 'answer'), ...why } })
    );
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
  return [
    { type: 'WhistleBlown', data: { reach: isLast ? 'centre' : 'all', units: [], answerBy: isLast ? null : answerWindow(state, context, 'wider') } },
  ];
};

/** Of an emergency in hours where that is sooner, and of whatever is claimed within hours not behind that. */
const answerWindow = (state: NeedState, context: Context, name: 'answer' | 'wider'): string | null => {
  const tables = tablesOf(context);
  if (tables === null) return null;
  const { whistle } = tables.policy;
  const usual = windowEnd(tables, context.now, whistle[name]);
  if (context.rules < EMERGENCIES_SINCE || state.stage !== 'submitted' || !isPressing(state)) return usual;
  const { [name]: pressing } = state.urgency === 'emergency' ? (whistle.emergency ?? EMERGENCY_WHISTLE) : whistle;
  const ends = [usual, windowEnd(tables, context.now, pressing), claimAhead(state, context)].filter((end) => end !== null);
  return ends.length === 0 ? null : ends.reduce(earlierOf);
};

/** Either party once per claim: 甲方 the community, 乙方 the lead. */
export const sign: Rule<'sign', 'claimed'> = ({ data }, state, { actor }) => {
  const party: Party = actor.role === 'community' ? 'community' : 'department';
  if (state.signed.includes(party)) return refuse('already-signed');
  return accept({ type: 'ContractSigned', data: { party, unit: actor.unit, ...data } });
};
