import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { Actor } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import type { ModelPart } from '@qiyue/engine-runtime';
import { needDecider, type NeedCommand } from '@qiyue/need-domain';
import type { NeedScore } from '@qiyue/need-views';
import { needScores } from './need-scores';

const ann: Actor = { id: 'ann', role: 'resident', unit: '民悦社区' };
const cora: Actor = { id: 'cora', role: 'community', unit: '民悦社区' };
const wes: Actor = { id: 'wes', role: 'department', unit: '住建局' };
const tables = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const asked: readonly (readonly [Actor, NeedCommand])[] = [
  [ann, { type: 'submit', data: { title: 't', kind: 'tangible', items: [{ name: 'n', quantity: 1, unit: 'u' }], community: '民悦社区' } }],
  [wes, { type: 'claim', data: { unit: '住建局', plan: 'p' } }],
  [wes, { type: 'fund', data: { amountFen: 7, source: 'donation', reference: 'r' } }],
  [wes, { type: 'complete', data: { evidence: [{ kind: 'k', text: 't' }] } }],
  [cora, { type: 'accept', data: {} }],
  [ann, { type: 'evaluate', data: { side: 'resident', score: 5, satisfied: true } }],
  [cora, { type: 'evaluate', data: { side: 'community', score: 5, satisfied: true } }],
];

/** What a need gives after so many of them. */
const partsAfter = (steps: number): readonly ModelPart[] => {
  const life = new EntityLife(needDecider, { entity: '0'.repeat(26), bornAt: '2024-12-31T17:00:00.000+08:00', tables });
  for (const [actor, command] of asked.slice(0, steps)) expect([command.type, life.does(actor, command)]).toEqual([command.type, null]);
  const score = life.records.reduce<NeedScore | null>((before, body) => needScores.fold(before, body, ''), null);
  return score === null ? [] : needScores.partsOf(score);
};

describe('what a need gives to a scoreboard', () => {
  it('counts for its lead once there is one, in the year in which they claimed it', () => {
    const key = { unit: '住建局', year: 2024 };
    const none = { claimed: 1, done: 0, inTime: 0, satisfied: 0 };
    expect([1, 2, 4, 5, 7].map(partsAfter)).toEqual([
      [],
      [{ key, sums: none }],
      [{ key, sums: none }],
      [{ key, sums: { ...none, done: 1, inTime: 1 } }],
      [{ key, sums: { ...none, done: 1, inTime: 1, satisfied: 1 } }],
    ]);
  });
});
