import { describe, expect, it } from '@jest/globals';
import { DEED_KINDS } from '@qiyue/civic-domain';
import type { RecordBody } from '@qiyue/engine';
import type { KeyedSource } from '@qiyue/engine-runtime';
import { PLEDGE_STATES } from '@qiyue/unit-year-contracts';
import type { UnitYearView } from '@qiyue/unit-year-views';
import { budgetRowsOf, budgets } from './queries/budgets';
import { pledgeRowOf, pledges } from './queries/pledges';
import { scoreboardModel, scoreOf, type Score } from './scoreboard';
import { LIVES } from './testing/told-year';

const [ofYears] = scoreboardModel.sources as readonly [KeyedSource<unknown>];

/** What a year gives after these records; null for nothing. */
const scoreAfter = (records: readonly RecordBody[]): Score | null => {
  const state = records.reduce<unknown>((before, body) => ofYears.fold(before, body, ''), null);
  const parts = ofYears.partsOf(state);
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
      const score = scoreAfter(life.slice(0, i + 1).map(({ record }) => record));
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
      const { sums } = scoreAfter(life.map(({ record }) => record)) as Score;
      for (const [sum, value] of Object.entries(sums)) expect([sum, value]).toEqual([expect.stringMatching(/^[a-zA-Z-]+$/), expect.any(Number)]);
    }
  });

  it('shows a unit that leads needs in a year that nobody has opened, and no money of it', () => {
    const score = scoreOf({ unit: '住建局', year: 2024 }, { claimed: 1 });
    expect(pledgeRowOf(score)).toMatchObject({ unit: '住建局', year: 2024, stage: null, tangible: { promised: 0 }, needs: { claimed: 1, done: 0 } });
    expect(budgetRowsOf(score)).toEqual([]);
  });
});
