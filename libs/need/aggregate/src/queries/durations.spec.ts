import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NeedFact, StageFact } from '../figures/need-figures';
import { nearestRank, Spans } from './durations';

const whose = {
  need: 'n',
  lead: 'Water',
  community: 'Lakeside',
  category: '',
  kind: 'tangible',
  at: '2025-02-03T18:00:00.000+08:00',
  due: '',
} as const;
const works = (minutes: number, more: Partial<StageFact> = {}): StageFact => ({
  ...{ of: 'stage', n: 1, ...whose, unit: 'Water', stage: 'funded', state: 'came', dated: 1, late: 0, escalatedTo: 0, minutes, pausedMinutes: 0 },
  ...more,
});
const whole = (minutes: number, pausedMinutes = 0): NeedFact => ({ of: 'need', ...whose, state: 'done', late: 0, minutes, pausedMinutes });
const spans = (...facts: readonly (StageFact | NeedFact)[]) => {
  const gathered = new Spans('unit');
  for (const fact of facts) gathered.add(fact);
  return gathered.answer();
};

describe('a quantile by nearest rank', () => {
  it('is the one at ⌈n·p⌉ in ascending order', () => {
    const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([50, 90, 100].map((percent) => nearestRank(ten, percent))).toEqual([5, 9, 10]);
    expect([50, 90].map((percent) => nearestRank([7], percent))).toEqual([7, 7]);
    expect(nearestRank([1, 2, 3], 50)).toBe(2);
    expect(nearestRank([], 50)).toBeNull();
  });
  it('is one of them, which at least so many do not exceed, and no smaller one is', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (numbers, percent) => {
        const ascending = numbers.toSorted((a, b) => a - b);
        const found = nearestRank(ascending, percent) as number;
        const share = (limit: number): number => (100 * numbers.filter((n) => n <= limit).length) / numbers.length;
        expect([numbers.includes(found), share(found) >= percent, share(found - 1) < percent]).toEqual([true, true, true]);
      }),
    );
  });
});

describe('durations', () => {
  it('are told in hours and days, with pauses and without', () => {
    const { rows } = spans(works(1_440), works(2_880, { pausedMinutes: 1_440 }), works(90), whole(4_320, 60));
    expect(rows).toMatchObject([
      {
        key: 'Water',
        works: { count: 3, medianHours: 24, p90Hours: 48, longestDays: 2, medianDays: 1, netMedianHours: 24, netP90Hours: 24 },
        whole: { count: 1, medianDays: 3, netMedianHours: 71 },
        claim: { count: 0, medianHours: null },
      },
    ]);
  });
  it('leave out what went back and what runs, and have rows of those who lead', () => {
    const { all, rows } = spans(works(60, { state: 'went-back' }), works(0, { state: 'running' }), works(60, { lead: '' }));
    expect([all.works.count, rows]).toEqual([1, []]);
  });
});
