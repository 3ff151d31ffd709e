import { describe, expect, it } from '@jest/globals';
import type { Actor, Context } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import { contractDecider, type ContractCommandType } from './index';
import {
  centre,
  clock,
  COMMAND_TYPES,
  cora,
  hill,
  NOW,
  PASTS,
  please,
  retimer,
  rightActorFor,
  roads,
  stateAfter,
  TABLES,
  water,
} from './testing/contract.fixtures';

type Answers = Readonly<Partial<Record<ContractCommandType, string>>>;

const TIMERS: Answers = { end: '–', 'take-effect': '–', tick: '–', retime: '–' };
const PROPOSED: Answers = {
  ...TIMERS,
  withdraw: 'ContractWithdrawn',
  amend: 'AmendmentProposed',
  'agree-amendment': 'no-amendment',
  'decline-amendment': 'no-amendment',
};
const IN_FORCE: Answers = {
  ...TIMERS,
  amend: 'AmendmentProposed',
  'agree-amendment': 'no-amendment',
  'decline-amendment': 'no-amendment',
  'finish-item': 'ItemFinished',
  evaluate: 'not-ended',
  vouch: '–',
};

/** What the unit, or the timer, is told in each status. A command that a row does not name is answered with `wrong-stage`. */
const TABLE: Readonly<Record<keyof typeof PASTS, Answers>> = {
  nonexistent: { propose: 'ContractProposed' },
  'proposed/awaiting-signatures': { ...PROPOSED, sign: 'SignatureGiven' },
  'proposed/awaiting-second-signature': { ...PROPOSED, sign: 'SignatureGiven+ContractInForce' },
  'in-force/running': { ...IN_FORCE, terminate: 'TerminationGiven' },
  'in-force/under-notice': { ...IN_FORCE, terminate: 'under-notice' },
  'evaluating/awaiting-evaluations': { ...TIMERS, 'finish-item': 'ItemFinished', evaluate: 'SideEvaluated' },
  'closed/withdrawn': { retime: '–' },
  'closed/unsigned': { retime: '–' },
  'closed/terminated': { retime: '–' },
  'closed/evaluated': { retime: '–' },
  'closed/lapsed': { retime: '–' },
};

const SIDES = ['community:Lakeside', 'department:Water'];
/** Who may ever, by role, and the one unit that it has to be. Written down a second time, apart from the rules. */
const WHO: Readonly<Record<ContractCommandType, readonly string[]>> = {
  propose: SIDES,
  sign: SIDES,
  withdraw: SIDES,
  amend: SIDES,
  'agree-amendment': SIDES,
  'decline-amendment': SIDES,
  'finish-item': SIDES,
  evaluate: ['community:nobody, since the body names the other side', 'department:Water'],
  terminate: SIDES,
  vouch: ['system'],
  end: ['system#clock'],
  'take-effect': ['system#clock'],
  tick: ['system#clock'],
  retime: ['system'],
};

const ACTORS: readonly Actor[] = [
  ...[water, roads, cora, hill, centre, retimer, clock],
  ...['resident', 'property', 'grid', 'authority', 'supervisor', 'operator', 'service', 'none', 'constructor', '__proto__'].map((role) => ({
    id: role,
    role,
    unit: 'Water',
  })),
  { ...water, id: 'nobody', unit: null },
  { ...cora, id: 'two places', unit: 'Water' },
];

const contextOf = (actor: Actor): Context => ({ ...TEST_CONTEXT, tables: TABLES, now: NOW, actor });

const answerTo = (type: ContractCommandType, place: string, actor: Actor): string => {
  const decision = contractDecider.decide(please(type), stateAfter(PASTS[place] ?? []), contextOf(actor));
  if (!decision.ok) return decision.refusal.code;
  return decision.events.map((event) => event.type).join('+') || '–';
};

const tableAnswer = (type: ContractCommandType, place: string, { role }: Actor): string => {
  if (type === 'sign' && place === 'proposed/awaiting-second-signature' && role === 'community') return 'already-signed';
  return TABLE[place]?.[type] ?? 'wrong-stage';
};

/** `role`, `role:unit` or `role#id`. */
const expected = (type: ContractCommandType, place: string, actor: Actor): string => {
  const { role, unit, id } = actor;
  const rules = WHO[type].filter((rule) => rule.split(/[:#]/)[0] === role);
  if (rules.length === 0) return 'not-permitted';
  const answer = tableAnswer(type, place, actor);
  const isMeant = rules.some((rule) => rule === role || rule === `${role}:${unit}` || rule === `${role}#${id}`);
  return answer === 'wrong-stage' || isMeant ? answer : 'not-permitted';
};

describe('every command in every status', () => {
  it.each(Object.keys(PASTS))('is answered as the table says in %s', (place) => {
    const seen = Object.fromEntries(COMMAND_TYPES.map((type) => [type, answerTo(type, place, rightActorFor(please(type)))]));
    expect(seen).toEqual(Object.fromEntries(COMMAND_TYPES.map((type) => [type, tableAnswer(type, place, rightActorFor(please(type)))])));
  });

  it.each(Object.keys(PASTS))('is answered to every role as the table says in %s', (place) => {
    for (const actor of ACTORS) {
      const seen = COMMAND_TYPES.map((type) => `${actor.role} ${actor.unit} ${type}: ${answerTo(type, place, actor)}`);
      expect(seen).toEqual(COMMAND_TYPES.map((type) => `${actor.role} ${actor.unit} ${type}: ${expected(type, place, actor)}`));
    }
  });

  it.each(Object.keys(PASTS))('is permitted in %s to whom it is answered otherwise than `not-permitted`, whatever the stage says', (place) => {
    const state = stateAfter(PASTS[place] ?? []);
    for (const actor of ACTORS)
      for (const type of COMMAND_TYPES) {
        const isPermitted = contractDecider.isPermitted?.(please(type), state, contextOf(actor));
        const answer = answerTo(type, place, actor);
        if (answer === 'not-permitted') expect([actor, type, isPermitted]).toEqual([actor, type, false]);
        else if (answer !== 'wrong-stage') expect([actor, type, isPermitted]).toEqual([actor, type, true]);
      }
  });

  it.each(Object.keys(PASTS))('stands where its name says: %s', (place) => {
    const { stage, status } = contractDecider.summary(stateAfter(PASTS[place] ?? []));
    expect(stage === null ? 'nonexistent' : `${stage}/${status}`).toBe(place);
  });

  it('has a row for every past and no other', () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(PASTS));
  });
});
