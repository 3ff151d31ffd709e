import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import { projectDecider, type ProjectCommandType } from './index';
import {
  centre,
  clock,
  COMMAND_TYPES,
  lakeside,
  NOW,
  parks,
  PASTS,
  please,
  rightActorFor,
  roads,
  stateAfter,
  system,
  TABLES,
  water,
} from './testing/project.fixtures';

type Answers = Readonly<Partial<Record<ProjectCommandType, string>>>;
const ALWAYS: Answers = { 'plan-item': '–', 'need-moved': '–', 'resource-moved': '–', tick: '–', close: '–', retime: '–' };
const RUNNING: Answers = {
  ...ALWAYS,
  join: 'HelperJoined',
  'add-need': 'NeedAdded',
  'add-resource': 'ResourceAdded',
  milestone: 'MilestonePlanned',
  cancel: 'ProjectCancelled',
  vouch: '–',
  'need-moved': 'NeedMoved',
  'resource-moved': 'ResourceLeft',
};

/** What the right actor is told in each status. A command that a row does not name is answered with `wrong-stage`. */
const TABLE: Readonly<Record<keyof typeof PASTS, Answers>> = {
  nonexistent: { plan: 'ProjectPlanned', 'plan-item': 'ProjectPlanned' },
  'planned/planning': { ...RUNNING, start: 'ProjectStarted' },
  'under-way/at-work': { ...RUNNING, start: '–', finish: 'needs-open' },
  'finished/settling': { ...ALWAYS, 'need-moved': 'NeedMoved+ProjectReopened' },
  'finished/ended': ALWAYS,
  'cancelled/ended': ALWAYS,
};

const PARTIES = ['department:Water', 'community:Lakeside', 'centre'];
/** Who may ever, by role, and the one unit that it has to be. Written down a second time, apart from the rules. */
const WHO: Readonly<Record<ProjectCommandType, readonly string[]>> = {
  plan: PARTIES,
  join: ['department'],
  'add-need': PARTIES,
  'add-resource': PARTIES,
  start: PARTIES,
  milestone: PARTIES,
  finish: PARTIES,
  cancel: PARTIES,
  vouch: ['system'],
  'plan-item': ['system'],
  'need-moved': ['system'],
  'resource-moved': ['system'],
  tick: ['system#clock'],
  close: ['system#clock'],
  retime: ['system'],
};

const ACTORS: readonly Actor[] = [
  ...[water, roads, parks, lakeside, centre, system, clock, { ...lakeside, id: 'hill', unit: 'Hill' }],
  ...['resident', 'property', 'grid', 'authority', 'supervisor', 'operator', 'service', 'none', 'constructor', '__proto__'].map((role) => ({
    ...{ id: role, role, unit: 'Water' },
  })),
  { ...water, id: 'nobody', unit: null },
];

const contextOf = (actor: Actor) => ({ ...TEST_CONTEXT, tables: TABLES, now: NOW, actor });
const answerTo = (type: ProjectCommandType, place: string, actor: Actor): string => {
  const decision = projectDecider.decide(please(type), stateAfter(PASTS[place] ?? []), contextOf(actor));
  return decision.ok ? decision.events.map((event) => event.type).join('+') || '–' : decision.refusal.code;
};
const tableAnswer = (type: ProjectCommandType, place: string): string => TABLE[place]?.[type] ?? 'wrong-stage';
/** The usual plan is of no contract's item, so that a second one of the same project is for its parties alone to be refused. */
const isLateStage = (type: ProjectCommandType, place: string): boolean =>
  tableAnswer(type, place) === 'wrong-stage' && !(type === 'plan' && place !== 'nonexistent');

/** `role`, `role:unit` or `role#id`. */
const expected = (type: ProjectCommandType, place: string, { role, unit, id }: Actor): string => {
  const rules = WHO[type].filter((rule) => rule.split(/[:#]/)[0] === role);
  if (rules.length === 0) return 'not-permitted';
  if (isLateStage(type, place)) return 'wrong-stage';
  const isMeant = rules.some(
    (rule) => (rule === role && (unit !== null || role !== 'department')) || rule === `${role}:${unit}` || rule === `${role}#${id}`,
  );
  if (!isMeant) return 'not-permitted';
  const isThere = type === 'join' && (unit === 'Water' || unit === 'Roads');
  return isThere ? '–' : tableAnswer(type, place);
};

describe('every command in every status', () => {
  it.each(Object.keys(PASTS))('is answered as the table says in %s', (place) => {
    const seen = Object.fromEntries(COMMAND_TYPES.map((type) => [type, answerTo(type, place, rightActorFor({ type }))]));
    expect(seen).toEqual(Object.fromEntries(COMMAND_TYPES.map((type) => [type, tableAnswer(type, place)])));
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
        const isPermitted = projectDecider.isPermitted?.(please(type), state, contextOf(actor));
        const answer = answerTo(type, place, actor);
        if (answer !== 'wrong-stage') expect([actor, type, isPermitted]).toEqual([actor, type, answer !== 'not-permitted']);
      }
  });

  it.each(Object.keys(PASTS))('stands where its name says: %s', (place) => {
    const { stage, status } = projectDecider.summary(stateAfter(PASTS[place] ?? []));
    expect(stage === null ? 'nonexistent' : `${stage}/${status}`).toBe(place);
    expect(projectDecider.isFinal(stateAfter(PASTS[place] ?? []))).toBe(place.endsWith('/ended'));
  });

  it('has a row for every past and no other, and gives no event once the project has ended', () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(PASTS));
    for (const place of ['finished/ended', 'cancelled/ended'])
      for (const actor of ACTORS) for (const type of COMMAND_TYPES) expect(answerTo(type, place, actor)).toMatch(/^(–|[a-z-]+)$/);
  });
});
