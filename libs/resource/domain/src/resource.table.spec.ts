import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import { resourceDecider, type ResourceCommandType } from './index';
import {
  centre,
  clock,
  COMMAND_TYPES,
  lakeside,
  NOW,
  PASTS,
  please,
  rightActorFor,
  roads,
  saga,
  stateAfter,
  water,
} from './testing/resource.fixtures';

type Answers = Readonly<Partial<Record<ResourceCommandType, string>>>;
const OFFERED: Answers = { change: 'ResourceChanged', withdraw: 'ResourceWithdrawn', reserve: 'ResourceReserved', expire: '–' };

/** What the right actor is told in each status. A command that a row does not name is answered with `wrong-stage`. */
const TABLE: Readonly<Record<keyof typeof PASTS, Answers>> = {
  nonexistent: { offer: 'ResourceOffered' },
  'offered/free': { ...OFFERED, use: 'no-such-reservation', free: 'no-such-reservation' },
  'offered/reserved': { ...OFFERED, use: 'ReservationUsed', free: 'ReservationFreed' },
  'offered/used-up': { ...OFFERED, reserve: 'taken', use: '–', free: 'reservation-ended' },
  'withdrawn/settling': { use: 'ReservationUsed', free: 'ReservationFreed', expire: '–' },
  'withdrawn/ended': { use: 'no-such-reservation', free: 'no-such-reservation', expire: '–' },
};

/** Who may ever, by role, and the one unit that it has to be. Written down a second time, apart from the rules. */
const WHO: Readonly<Record<ResourceCommandType, readonly string[]>> = {
  offer: ['department', 'community'],
  change: ['department:Water', 'community:–'],
  withdraw: ['department:Water', 'community:–'],
  reserve: ['department', 'community', 'centre', 'system'],
  use: ['department:Water', 'department:Roads', 'community:–', 'centre', 'system'],
  free: ['department:Water', 'department:Roads', 'community:–', 'centre', 'system'],
  expire: ['system#clock'],
};
/** What a process of ours is told of a reservation that a person has ended, or that never was: nothing. */
const TO_SYSTEM: Readonly<Record<string, string>> = { 'no-such-reservation': '–', 'reservation-ended': '–' };

const ACTORS: readonly Actor[] = [
  ...[water, roads, lakeside, centre, saga, clock],
  ...['resident', 'property', 'grid', 'authority', 'supervisor', 'operator', 'service', 'none', 'constructor', '__proto__'].map((role) => ({
    ...{ id: role, role, unit: 'Water' },
  })),
  { ...water, id: 'nobody', unit: null },
];

const contextOf = (actor: Actor) => ({ ...TEST_CONTEXT, now: NOW, actor });
const answerTo = (type: ResourceCommandType, place: string, actor: Actor): string => {
  const decision = resourceDecider.decide(please(type), stateAfter(PASTS[place] ?? []), contextOf(actor));
  return decision.ok ? decision.events.map((event) => event.type).join('+') || '–' : decision.refusal.code;
};
const tableAnswer = (type: ResourceCommandType, place: string): string => TABLE[place]?.[type] ?? 'wrong-stage';

/** `role`, `role:unit` or `role#id`. */
const expected = (type: ResourceCommandType, place: string, { role, unit, id }: Actor): string => {
  const rules = WHO[type].filter((rule) => rule.split(/[:#]/)[0] === role);
  if (rules.length === 0) return 'not-permitted';
  const answer = tableAnswer(type, place);
  if (answer === 'wrong-stage') return answer;
  const isReserved = place === 'offered/reserved' || place === 'withdrawn/settling';
  const isMeant = rules.some(
    (rule) =>
      (rule === role && (unit !== null || role === 'system')) ||
      (rule === `${role}:${unit}` && (unit !== 'Roads' || isReserved)) ||
      rule === `${role}#${id}`,
  );
  if (!isMeant) return 'not-permitted';
  return role === 'system' ? (TO_SYSTEM[answer] ?? answer) : answer;
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
        const isPermitted = resourceDecider.isPermitted?.(please(type), state, contextOf(actor));
        const answer = answerTo(type, place, actor);
        if (answer !== 'wrong-stage') expect([actor, type, isPermitted]).toEqual([actor, type, answer !== 'not-permitted']);
      }
  });

  it.each(Object.keys(PASTS))('stands where its name says: %s', (place) => {
    const { stage, status } = resourceDecider.summary(stateAfter(PASTS[place] ?? []));
    expect(stage === null ? 'nonexistent' : `${stage}/${status}`).toBe(place);
  });

  it('has a row for every past and no other, and gives no event once the resource has ended', () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(PASTS));
    expect(resourceDecider.isFinal(stateAfter(PASTS['withdrawn/ended'] ?? []))).toBe(true);
    for (const actor of ACTORS) for (const type of COMMAND_TYPES) expect(answerTo(type, 'withdrawn/ended', actor)).toMatch(/^(–|[a-z-]+)$/);
  });
});
