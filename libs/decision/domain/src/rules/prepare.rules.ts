import { countingRuleFor } from '@qiyue/civic-domain';
import { accept, refuse } from '@qiyue/engine';
import { firstAlike } from '../alike';
import type { Do, Opening } from '../decision.commands';
import { invalidBody, type Refused, type Rule } from '../decision.ruling';
import type { DecisionStage, Existing, OverStage } from '../decision.state';
import { dayOf, decisionPolicyOf, startStage, termsOf } from '../decision.terms';
import { AREA_CM2_MAX, electorateOf, headOfRoom, ROOMS_MAX, SCOPE_NAMES, type RosterEntry } from '../electorate';
import { unfitPlan } from './eligibility';

/** What can be said while the decision is not over. */
export type Discussed = Exclude<DecisionStage, OverStage | 'warranty'>;

const firstTwice = (rooms: readonly string[]): string | undefined => {
  const seen = new Set<string>();
  return rooms.find((room) => seen.size === seen.add(room).size);
};

/** Two owners who read alike would be two heads. Said by a room of each, not by who they are. */
const alikeOwners = (roster: readonly RosterEntry[]): Refused | null => {
  const roomOf = new Map(roster.flatMap(({ owner, room }) => (owner === null ? [] : [[owner, room] as const])));
  const alike = firstAlike([...roomOf.keys()]);
  return alike && refuse('owners-alike', { room: roomOf.get(alike[0]) ?? '', other: roomOf.get(alike[1]) ?? '' });
};

const unfitRoster = ({ roster, scopes = {} }: Opening): Refused | null => {
  if (roster.length === 0 || roster.length > ROOMS_MAX) return invalidBody('roster');
  const isArea = (area: number): boolean => Number.isSafeInteger(area) && area >= 1 && area <= AREA_CM2_MAX;
  if (!roster.every(({ areaCm2 }) => isArea(areaCm2))) return invalidBody('roster.areaCm2');
  const rooms = roster.map(({ room }) => room);
  const twice = firstAlike(rooms);
  if (twice !== null) return refuse('room-twice', { room: twice[1] });
  const alike = alikeOwners(roster);
  if (alike !== null) return alike;
  const known = new Set(rooms);
  for (const name of SCOPE_NAMES) {
    const scope = scopes[name];
    if (scope === undefined) continue;
    if (scope.length === 0) return invalidBody(`scopes.${name}`);
    const odd = scope.find((room) => !known.has(room)) ?? firstTwice(scope);
    if (odd !== undefined) return known.has(odd) ? refuse('room-twice', { room: odd }) : refuse('no-such-room', { room: odd });
  }
  return null;
};

export const open: Rule<'open', 'nonexistent'> = ({ data }, _, context) => {
  const { needId, matter, scopes = {}, roster, plan, policy: name, previous } = data;
  const { now, actor } = context;
  const refused = unfitRoster(data) ?? unfitPlan(plan, matter, electorateOf(roster, scopes), dayOf(now));
  if (refused !== null) return refused;
  const policy = decisionPolicyOf(context);
  const rule = countingRuleFor(policy, matter, dayOf(now), name);
  if (rule === null) return refuse('no-such-rule', { matter, ...(name === undefined ? {} : { name }) });
  return accept({
    type: 'DecisionOpened',
    data: {
      ...{ needId, community: actor.unit ?? '', matter, roster, scopes, plan, rule, terms: termsOf(policy, rule.beforeHandover) },
      ...(previous === undefined ? {} : { previous }),
      ...startStage('preparing', context),
    },
  });
};

/** Another decision is to take it up again: only one that has failed, on the same need and by the same community. Changes nothing here. */
export const takeUp: Rule<'take-up', DecisionStage> = ({ data }, { stage, needId, community }) =>
  stage === 'failed' && needId === data.needId && community === data.community ? accept() : refuse('no-such-previous');

export const holdCouncil: Rule<'hold-council', Discussed> = ({ data }, { needId }) => accept({ type: 'CouncilHeld', data: { needId, ...data } });

/** What was said in or of a room, as of the plan of then. */
const onRoom = (state: Existing, room: string) =>
  headOfRoom(state.electorate, room) === null ? null : { needId: state.needId, room, planNumber: state.plan.number };
const noRoom = (room: string): Refused => refuse('no-such-room', { room });

export const visit: Rule<'visit', Discussed> = ({ data }, state) => {
  const of = onRoom(state, data.room);
  return of === null ? noRoom(data.room) : accept({ type: 'HouseholdVisited', data: { ...of, ...data } });
};

export const object: Rule<'object', Discussed> = ({ data }, state) => {
  const of = onRoom(state, data.room);
  return of === null ? noRoom(data.room) : accept({ type: 'ObjectionRaised', data: { ...of, ...data } });
};

export const mediate: Rule<'mediate', Discussed> = ({ data }, state) => {
  const of = onRoom(state, data.room);
  return of === null ? noRoom(data.room) : accept({ type: 'MediationHeld', data: { ...of, ...data } });
};

/** Before the ballot only: what is voted on stays what it was. */
export const revisePlan: Rule<'revise-plan', 'preparing'> = ({ data: { plan, reason } }: Do<'revise-plan'>, state, { now }) => {
  const refused = unfitPlan(plan, state.matter, state.electorate, dayOf(now));
  return refused ?? accept({ type: 'PlanRevised', data: { needId: state.needId, planNumber: state.plan.number + 1, plan, reason } });
};
