import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEED_KINDS, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { Actor, RecordBody } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import type { KeyedSource } from '@qiyue/engine-runtime';
import { needDecider, type NeedCommand } from '@qiyue/need-domain';
import { PLEDGE_STATES } from '@qiyue/unit-year-contracts';
import { unitYearDecider } from '@qiyue/unit-year-domain';
import type { UnitYearView } from '@qiyue/unit-year-views';
import { budgetRowsOf, budgets } from './queries/budgets';
import { pledgeRowOf, pledges } from './queries/pledges';
import { scoreboardModel, scoreOf, type Score } from './scoreboard';
import { LIVES } from './testing/told-year';

const sourceOf = (aggregate: string): KeyedSource<unknown> => {
  const found = scoreboardModel.sources.find((source) => source.aggregate === aggregate);
  if (found === undefined) throw new Error(`nothing of ${aggregate}`);
  return found;
};
const [ofNeeds, ofYears] = [sourceOf(needDecider.aggregate), sourceOf(unitYearDecider.aggregate)];

/** What an entity gives after these records; null for nothing. */
const scoreAfter = (source: KeyedSource<unknown>, records: readonly RecordBody[]): Score | null => {
  const state = records.reduce<unknown>((before, body) => source.fold(before, body, ''), null);
  const parts = source.partsOf(state);
  expect(parts.length).toBeLessThanOrEqual(1);
  return parts[0] === undefined ? null : scoreOf(parts[0].key, parts[0].sums);
};

/** The same, read off the document. */
const readOff = ({ unit, year, stage, budget, pledges: all }: UnitYearView) => {
  const { reference: _, ...money } = budget;
  const counts = DEED_KINDS.map((kind) => {
    const states = all.filter((pledge) => pledge.kind === kind).map(({ state }) => state);
    return [kind, Object.fromEntries(PLEDGE_STATES.map((state) => [state, states.filter((each) => each === state).length]))];
  });
  return { pledges: { unit, year, stage, ...Object.fromEntries(counts) }, budgets: { unit, year, stage, ...money } };
};

describe('the scoreboard', () => {
  it.each(Object.keys(LIVES))('counts pledges and money of a year as its document has them, after every event: %s', (name) => {
    const life = LIVES[name] ?? [];
    life.forEach(({ after }, i) => {
      const score = scoreAfter(
        ofYears,
        life.slice(0, i + 1).map(({ record }) => record),
      );
      if (score === null) throw new Error('a year that gives nothing');
      const { needs, ...counted } = pledgeRowOf(score);
      expect({ pledges: counted, budgets: budgetRowsOf(score)[0] }).toEqual(readOff(after));
      expect(needs).toEqual({ claimed: 0, done: 0, inTime: 0, satisfied: 0 });
      expect(pledges.answer.safeParse({ rows: [pledgeRowOf(score)] }).error).toBeUndefined();
      expect(budgets.answer.safeParse({ rows: budgetRowsOf(score) }).error).toBeUndefined();
    });
  });

  it('is of whole numbers alone, and of names that may be kept', () => {
    for (const life of Object.values(LIVES)) {
      const { sums } = scoreAfter(
        ofYears,
        life.map(({ record }) => record),
      ) as Score;
      for (const [sum, value] of Object.entries(sums)) expect([sum, value]).toEqual([expect.stringMatching(/^[a-zA-Z-]+$/), expect.any(Number)]);
    }
  });

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
  const need = (steps: number): Score | null => {
    const life = new EntityLife(needDecider, { entity: '0'.repeat(26), bornAt: '2024-12-31T17:00:00.000+08:00', tables });
    for (const [actor, command] of asked.slice(0, steps)) expect([command.type, life.does(actor, command)]).toEqual([command.type, null]);
    return scoreAfter(ofNeeds, life.records);
  };

  it('counts a need for its lead once there is one', () => {
    const none = { claimed: 1, done: 0, inTime: 0, satisfied: 0 };
    expect([1, 2, 4, 5, 7].map((steps) => need(steps)).map((score) => score && pledgeRowOf(score).needs)).toEqual([
      null,
      none,
      none,
      { ...none, done: 1, inTime: 1 },
      { ...none, done: 1, inTime: 1, satisfied: 1 },
    ]);
  });

  it('shows a unit that leads needs in a year that nobody has opened, and no money of it', () => {
    const score = need(2) as Score;
    expect(pledgeRowOf(score)).toMatchObject({ unit: '住建局', year: 2024, stage: null, tangible: { promised: 0 } });
    expect(budgetRowsOf(score)).toEqual([]);
  });
});
