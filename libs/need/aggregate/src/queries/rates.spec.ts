import { describe, expect, it } from '@jest/globals';
import type { ClosingFact, StageFact } from '../figures/need-figures';
import { RatesCount } from './rates';

const NOW = '2025-03-10T12:00:00.000+08:00';
const on = (day: string) => `2025-${day}T18:00:00.000+08:00`;
const whose = { need: 'n', lead: 'Water', community: 'Lakeside', category: 'lighting', kind: 'tangible', at: on('02-03') } as const;
const claim = (more: Partial<StageFact>): StageFact => ({
  due: more.at ?? '',
  ...{ of: 'stage', n: 1, ...whose, unit: '', stage: 'submitted', state: 'came', dated: 1, late: 0, escalatedTo: 0, minutes: 0, pausedMinutes: 0 },
  ...more,
});
const closing = (more: Partial<ClosingFact>): ClosingFact => ({
  ...{ of: 'closing', n: 1, ...whose, end: 'evaluated', state: 'stands', sides: 2, satisfied: 1 },
  ...more,
});
const rates = (...facts: readonly (StageFact | ClosingFact)[]) => {
  const count = new RatesCount('unit', NOW);
  for (const fact of facts) count.add(fact);
  return count.answer();
};

describe('the response rate', () => {
  it('is the share of claims within the deadline among those that came and those that are missed now', () => {
    const unclaimed = { lead: '', state: 'running', at: on('03-09') } as const;
    const { all, rows } = rates(claim({}), claim({}), claim({ late: 1 }), claim(unclaimed));
    expect(all).toMatchObject({ toAnswer: 4, answeredInTime: 2, responseRate: 2 / 4 });
    expect(rows).toMatchObject([{ key: 'Water', toAnswer: 3, answeredInTime: 2, responseRate: 2 / 3 }]);
  });
  it('counts what was missed once and waits with a later deadline, and what was claimed within that', () => {
    const moved = claim({ state: 'running', at: on('03-01'), due: on('04-01'), late: 1 });
    expect(rates(moved, claim({ late: 1 })).all).toMatchObject({ toAnswer: 2, answeredInTime: 0 });
  });
  it('leaves out what waits within its deadline, stands still, has no date, or is another stage', () => {
    const waiting = claim({ state: 'running', at: on('03-10') });
    const still = claim({ state: 'paused', at: on('03-09') });
    const undated = claim({ dated: 0 });
    expect(rates(waiting, still, undated, claim({ stage: 'funded' })).all).toMatchObject({ toAnswer: 0, responseRate: null });
  });
});

describe('the resolution rate', () => {
  it('is the share of accepted works that nobody objects to, among all that was closed', () => {
    const standing = [closing({}), closing({ end: 'lapsed', sides: 0 })];
    const failed = [
      closing({ state: 'reopened', satisfied: 0 }),
      closing({ state: 'reopened' }),
      closing({ end: 'lapsed', sides: 1, satisfied: 0 }),
      closing({ end: 'rejected', lead: '', sides: 0 }),
    ];
    expect(rates(...standing, ...failed).all).toMatchObject({ closed: 6, solved: 2, resolutionRate: 2 / 6 });
  });
});

describe('the satisfaction rate', () => {
  it('is the share of those with which both sides are satisfied, among what both sides have evaluated', () => {
    const evaluated = [closing({}), closing({}), closing({ state: 'reopened', satisfied: 0 })];
    expect(rates(...evaluated, closing({ end: 'lapsed', sides: 1 }), closing({ end: 'rejected' })).all).toMatchObject({
      ...{ evaluated: 3, satisfied: 2, satisfactionRate: 2 / 3 },
    });
  });
});
