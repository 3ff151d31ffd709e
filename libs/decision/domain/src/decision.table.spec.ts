import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import { decisionDecider, type DecisionCommandType } from './index';
import {
  ann,
  aud,
  clock,
  COMMAND_TYPES,
  cora,
  decideOn,
  funding,
  lived,
  NOW,
  PATHS,
  please,
  rightActorFor,
  stateAfter,
  stranger,
  TABLES,
} from './testing/decision.fixtures';

type Answers = Readonly<Partial<Record<DecisionCommandType, string>>>;

const DISCUSSED: Answers = {
  'hold-council': 'CouncilHeld',
  visit: 'HouseholdVisited',
  object: 'ObjectionRaised',
  mediate: 'MediationHeld',
};
/** Commands that take no notice of the stage: what comes of them is the money's, or the need's. */
const SYSTEM: Answers = {
  resize: 'no-such-reservation',
  commit: 'no-such-reservation',
  release: 'no-such-reservation',
  retime: '–',
  'works-accepted': '–',
  count: '–',
  'take-up': 'no-such-previous',
  repay: 'over-owed',
};
const UNDECIDED: Answers = { ...DISCUSSED, ...SYSTEM, settle: 'no-such-challenge', 'need-ended': 'DecisionCancelled', reserve: 'decision-open' };
const RUNNING: Answers = { ...UNDECIDED, cancel: 'DecisionCancelled', tick: '–' };
const HELD: Answers = { resize: 'ReservationResized', commit: 'FundsCommitted', release: 'FundsReleased' };
const PAYING: Answers = { ...HELD, draw: 'FundDrawn', 'audit-account': 'AccountAudited' };
const LATE: Answers = { vote: 'too-late' };
const OVER: Answers = { ...SYSTEM, ...LATE, 'need-ended': '–' };

/** What the right actor is told in each status. A command that a row does not name is answered with `wrong-stage`, in one that is over with `closed`. */
const TABLE: Readonly<Record<string, Answers>> = {
  nonexistent: { open: 'DecisionOpened', reserve: 'decision-missing' },
  'preparing/consulting': {
    ...RUNNING,
    'revise-plan': 'PlanRevised',
    'open-ballot': 'BallotOpened',
    'declare-emergency': 'EmergencyDeclared',
  },
  'voting/voting': { ...RUNNING, vote: 'VoteCast', 'close-ballot': 'VotingEnded', sign: 'SignatureTaken' },
  'counting/counting': { ...UNDECIDED, ...LATE, cancel: 'DecisionCancelled', sign: 'SignatureTaken', count: 'BallotClosed' },
  'passed/passed': { ...RUNNING, ...LATE, sign: 'SignatureTaken', 'post-notice': 'NoticePosted' },
  'noticing/noticing': {
    ...{ ...RUNNING, ...LATE, sign: 'SignatureTaken', challenge: 'DecisionChallenged' },
    ...{ confirm: 'notice-running', 'end-notice': '–' },
  },
  'confirming/confirming': { ...RUNNING, ...LATE, sign: 'SignatureTaken', confirm: 'DecisionConfirmed' },
  'declared/declared': { ...RUNNING, confirm: 'EmergencyConfirmed' },
  'emergency/emergency': {
    ...{ ...RUNNING, ...PAYING, cancel: 'funds-held', reserve: '–', 'works-accepted': 'WarrantyStarted' },
    ...{ 'post-notice': 'NoticePosted', challenge: 'wrong-stage', 'end-notice': '–' },
  },
  'confirmed/working': {
    ...{ ...UNDECIDED, ...PAYING, ...LATE, sign: 'SignatureTaken', cancel: 'funds-held', reserve: '–', 'works-accepted': 'WarrantyStarted' },
  },
  'warranty/in-warranty': {
    ...{ ...SYSTEM, ...PAYING, ...LATE, settle: 'no-such-challenge', reserve: '–', 'need-ended': '–', tick: '–', 'end-warranty': '–' },
  },
  'ended/settling': { ...OVER, ...HELD, resize: 'decision-failed', reserve: '–' },
  'ended/ended': { ...OVER, resize: 'reservation-ended', commit: '–', release: 'reservation-ended', reserve: 'reservation-ended' },
  'failed/failed': { ...OVER, 'take-up': '–', reserve: 'decision-failed' },
  'cancelled/cancelled': { ...OVER, reserve: 'decision-failed' },
  'cancelled/settling': { ...OVER, ...HELD, resize: 'decision-failed', reserve: '–' },
};

/** Who may ever, by role, and the one unit or person that it has to be. Written down a second time, apart from the rules. */
const COMMUNITY = ['community:Qunan'];
/** The usual bodies are about rooms of ann, the vote's about bo's. */
const OF_ANN = [...COMMUNITY, 'resident#ann'];
const PERSONS = ['resident', 'property', 'grid'];
const WHO: Readonly<Record<DecisionCommandType, readonly string[]>> = {
  open: ['community:Qunan', 'community:Lakeside'],
  'hold-council': COMMUNITY,
  visit: COMMUNITY,
  object: [...OF_ANN, 'property#', 'grid#'],
  mediate: COMMUNITY,
  'revise-plan': COMMUNITY,
  'open-ballot': COMMUNITY,
  vote: [...COMMUNITY, 'resident#bo', 'property#', 'grid#'],
  'close-ballot': [...COMMUNITY, 'system#clock'],
  sign: [...OF_ANN, 'property#', 'grid#'],
  'post-notice': COMMUNITY,
  challenge: [...COMMUNITY, ...PERSONS],
  settle: [...COMMUNITY, 'authority'],
  confirm: ['authority'],
  cancel: [...COMMUNITY, 'authority'],
  'declare-emergency': COMMUNITY,
  draw: [...COMMUNITY, 'authority'],
  repay: [...COMMUNITY, 'authority'],
  'audit-account': [...COMMUNITY, 'authority'],
  count: ['system'],
  'take-up': ['system'],
  reserve: ['system'],
  resize: ['system'],
  commit: ['system'],
  release: ['system'],
  'works-accepted': ['system'],
  'need-ended': ['system'],
  'end-notice': ['system#clock'],
  'end-warranty': ['system#clock'],
  tick: ['system#clock'],
  retime: ['system'],
};

const ACTORS: readonly Actor[] = [
  ...[cora, stranger, ann, aud, funding, clock, { ...cora, unit: null }],
  ...['property', 'grid', 'department', 'centre', 'supervisor', 'operator', 'service', 'none', 'constructor', '__proto__'].map((role) => ({
    ...{ id: role, role, unit: 'Qunan' },
  })),
];

const STATES = Object.fromEntries(Object.entries(PATHS).map(([place, steps]) => [place, lived(steps)]));
const stateAt = (place: string) => stateAfter(STATES[place]?.events ?? []);
const answerTo = (type: DecisionCommandType, place: string, actor: Actor): string => {
  const ruling = decideOn(please(type), stateAt(place), { actor, now: STATES[place]?.now ?? NOW });
  return ruling.ok ? ruling.events.map((event) => event.type).join('+') || '–' : ruling.refusal.code;
};
const isOver = (place: string): boolean => /^(ended|failed|cancelled)/.test(place);
const tableAnswer = (type: DecisionCommandType, place: string): string => TABLE[place]?.[type] ?? (isOver(place) ? 'closed' : 'wrong-stage');

/** `role`, `role:unit` or `role#id`. */
const expected = (type: DecisionCommandType, place: string, { role, unit, id }: Actor): string => {
  if (!WHO[type].some((rule) => rule.split(/[:#]/)[0] === role)) return 'not-permitted';
  const answer = tableAnswer(type, place);
  if (TABLE[place]?.[type] === undefined) return answer;
  const isMeant = WHO[type].some((rule) => rule === role || rule === `${role}:${unit}` || rule === `${role}#${id}`);
  return isMeant ? answer : 'not-permitted';
};

describe('every command in every status', () => {
  it.each(Object.keys(PATHS))('is answered as the table says in %s', (place) => {
    const seen = Object.fromEntries(COMMAND_TYPES.map((type) => [type, answerTo(type, place, rightActorFor({ type }))]));
    expect(seen).toEqual(Object.fromEntries(COMMAND_TYPES.map((type) => [type, tableAnswer(type, place)])));
  });

  it.each(Object.keys(PATHS))('is answered to every role as the table says in %s', (place) => {
    for (const actor of ACTORS) {
      const answers = (answer: (type: DecisionCommandType) => string) =>
        COMMAND_TYPES.map((type) => `${actor.role} ${actor.id} ${type}: ${answer(type)}`);
      // the clock closes a ballot at its end only
      const wanted = (type: DecisionCommandType): string =>
        type === 'close-ballot' && actor.id === clock.id && place.startsWith('voting') ? '–' : expected(type, place, actor);
      expect(answers((type) => answerTo(type, place, actor))).toEqual(answers(wanted));
    }
  });

  it.each(Object.keys(PATHS))('is permitted in %s to whom it is answered otherwise than `not-permitted`, whatever the stage says', (place) => {
    for (const actor of ACTORS)
      for (const type of COMMAND_TYPES) {
        const isPermitted = decisionDecider.isPermitted?.(please(type), stateAt(place), { ...TEST_CONTEXT, tables: TABLES, now: NOW, actor });
        const answer = answerTo(type, place, actor);
        if (answer === 'not-permitted') expect([actor, type, isPermitted]).toEqual([actor, type, false]);
        else if (answer !== 'wrong-stage' && answer !== 'closed') expect([actor, type, isPermitted]).toEqual([actor, type, true]);
      }
  });

  it.each(Object.keys(PATHS))('stands where its name says: %s', (place) => {
    const { stage, status } = decisionDecider.summary(stateAt(place));
    expect(stage === null ? 'nonexistent' : `${stage}/${status}`).toBe(place);
    expect(decisionDecider.isFinal(stateAt(place))).toBe(/^(ended\/ended|failed|cancelled\/cancelled)/.test(place));
  });

  it('has a row for every path and no other', () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(PATHS));
  });
});
