import { describe, expect, it } from '@jest/globals';
import type { Actor, Context } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import { unitYearDecider, type UnitYearCommandType } from './index';
import {
  centre,
  clock,
  COMMAND_TYPES,
  cora,
  funding,
  NOW,
  PASTS,
  please,
  rightActorFor,
  roads,
  stateAfter,
  TABLES,
  water,
} from './testing/unit-year.fixtures';

type Answers = Readonly<Partial<Record<UnitYearCommandType, string>>>;

const WHILE_IT_RUNS: Answers = {
  open: '–',
  'set-budget': 'BudgetSet',
  'adjust-budget': 'BudgetAdjusted',
  'amend-pledge': 'PledgeAmended',
  reserve: '–',
  resize: 'ReservationResized',
  commit: 'FundsCommitted',
  release: 'FundsReleased',
  tick: '–',
  retime: '–',
};

/** What the right actor is told in each status. A command that a row does not name is answered with `wrong-stage`, in a closed year with `closed`. */
const TABLE: Readonly<Record<keyof typeof PASTS, Answers>> = {
  nonexistent: { open: 'UnitYearOpened', reserve: 'UnitYearOpened+FundsReserved' },
  'pledging/promising': {
    ...WHILE_IT_RUNS,
    pledge: 'PledgeMade',
    'withdraw-pledge': 'PledgeWithdrawn',
    publish: 'PledgesPublished',
    link: 'PledgeLinked',
    unlink: '–',
    'fulfil-pledge': '–',
    close: 'PledgeFailed+PledgeFailed+PledgeFailed+UnitYearClosed',
  },
  'published/matching': {
    ...WHILE_IT_RUNS,
    pledge: 'PledgeMade',
    'withdraw-pledge': 'pledges-out-of-bounds',
    link: 'PledgeLinked',
    unlink: '–',
    contest: 'PledgeContested',
    settle: 'wrong-state',
    'carry-over': 'PledgeCarriedOver',
    'fulfil-pledge': '–',
    close: 'PledgeFailed+PledgeFailed+PledgeFailed+UnitYearClosed',
  },
  'fulfilling/at-work': {
    ...WHILE_IT_RUNS,
    pledge: 'PledgeMade',
    'withdraw-pledge': 'pledges-out-of-bounds',
    link: '–',
    unlink: 'PledgeUnlinked',
    contest: 'PledgeContested',
    settle: 'wrong-state',
    'carry-over': 'PledgeCarriedOver',
    'fulfil-pledge': 'PledgeFulfilled',
    close: 'PledgeFailed+PledgeFailed+PledgeFailed+UnitYearClosed',
  },
  'closed/settling': { open: '–', resize: 'closed', commit: 'FundsCommitted', release: 'FundsReleased', 'fulfil-pledge': '–', retime: '–' },
  'closed/ended': {
    ...{ open: '–', 'fulfil-pledge': '–', retime: '–' },
    ...{ resize: 'no-such-reservation', commit: 'no-such-reservation', release: 'no-such-reservation' },
  },
};

/** Who may ever, by role, and the one unit that it has to be. Written down a second time, apart from the rules. */
const WHO: Readonly<Record<UnitYearCommandType, readonly string[]>> = {
  open: ['centre'],
  'set-budget': ['centre'],
  'adjust-budget': ['centre'],
  pledge: ['department:Water'],
  'amend-pledge': ['department:Water'],
  'withdraw-pledge': ['department:Water'],
  publish: ['centre'],
  link: ['department:Water'],
  unlink: ['department:Water'],
  contest: ['community'],
  settle: ['centre'],
  'carry-over': ['centre'],
  close: ['centre', 'system#clock'],
  reserve: ['system'],
  resize: ['system'],
  commit: ['system'],
  release: ['system'],
  'fulfil-pledge': ['system'],
  tick: ['system#clock'],
  retime: ['system'],
};

const ACTORS: readonly Actor[] = [
  ...[water, roads, centre, cora, funding, clock],
  ...['resident', 'property', 'grid', 'authority', 'supervisor', 'operator', 'service', 'none', 'constructor', '__proto__'].map((role) => ({
    id: role,
    role,
    unit: 'Water',
  })),
  { ...water, id: 'nobody', unit: null },
];

const answerTo = (type: UnitYearCommandType, place: string, actor: Actor): string => {
  const context: Context = { ...TEST_CONTEXT, tables: TABLES, now: NOW, actor };
  const decision = unitYearDecider.decide(please(type), stateAfter(PASTS[place] ?? []), context);
  if (!decision.ok) return decision.refusal.code;
  return decision.events.map((event) => event.type).join('+') || '–';
};

const tableAnswer = (type: UnitYearCommandType, place: string): string =>
  TABLE[place]?.[type] ?? (place.startsWith('closed') ? 'closed' : 'wrong-stage');

/** `role`, `role:unit` or `role#id`. */
const expected = (type: UnitYearCommandType, place: string, { role, unit, id }: Actor): string => {
  const rules = WHO[type].filter((rule) => rule.split(/[:#]/)[0] === role);
  if (rules.length === 0) return 'not-permitted';
  const answer = tableAnswer(type, place);
  if (answer === 'wrong-stage' || (answer === 'closed' && TABLE[place]?.[type] === undefined)) return answer;
  const isMeant = rules.some((rule) => rule === role || rule === `${role}:${unit}` || rule === `${role}#${id}`);
  return isMeant ? answer : 'not-permitted';
};

describe('every command in every status', () => {
  it.each(Object.keys(PASTS))('is answered as the table says in %s', (place) => {
    const seen = Object.fromEntries(COMMAND_TYPES.map((type) => [type, answerTo(type, place, rightActorFor(please(type)))]));
    expect(seen).toEqual(Object.fromEntries(COMMAND_TYPES.map((type) => [type, tableAnswer(type, place)])));
  });

  it.each(Object.keys(PASTS))('is answered to every role as the table says in %s', (place) => {
    for (const actor of ACTORS) {
      const isEarlyClock = actor.id === clock.id && TABLE[place]?.close !== undefined; // it closes at the year's end only
      const seen = COMMAND_TYPES.map((type) => `${actor.role} ${actor.unit} ${type}: ${answerTo(type, place, actor)}`);
      const wanted = (type: UnitYearCommandType): string => (type === 'close' && isEarlyClock ? '–' : expected(type, place, actor));
      expect(seen).toEqual(COMMAND_TYPES.map((type) => `${actor.role} ${actor.unit} ${type}: ${wanted(type)}`));
    }
  });

  it.each(Object.keys(PASTS))('is permitted in %s to whom it is answered otherwise than `not-permitted`, whatever the stage says', (place) => {
    const state = stateAfter(PASTS[place] ?? []);
    for (const actor of ACTORS)
      for (const type of COMMAND_TYPES) {
        const isPermitted = unitYearDecider.isPermitted?.(please(type), state, { ...TEST_CONTEXT, tables: TABLES, now: NOW, actor });
        const answer = answerTo(type, place, actor);
        if (answer === 'not-permitted') expect([actor, type, isPermitted]).toEqual([actor, type, false]);
        else if (answer !== 'wrong-stage' && answer !== 'closed') expect([actor, type, isPermitted]).toEqual([actor, type, true]);
      }
  });

  it.each(Object.keys(PASTS))('stands where its name says: %s', (place) => {
    const { stage, status } = unitYearDecider.summary(stateAfter(PASTS[place] ?? []));
    expect(stage === null ? 'nonexistent' : `${stage}/${status}`).toBe(place);
  });

  it('has a row for every past and no other', () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(PASTS));
  });

  it('gives no event once the year has ended', () => {
    for (const actor of ACTORS) for (const type of COMMAND_TYPES) expect(answerTo(type, 'closed/ended', actor)).toMatch(/^(–|[a-z-]+)$/);
  });
});
