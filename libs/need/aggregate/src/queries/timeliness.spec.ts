import { describe, expect, it } from '@jest/globals';
import type { NeedFact, StageFact } from '../figures/need-figures';
import { Tally, timelinessQuery } from './timeliness';

const NOW = '2025-03-10T12:00:00.000+08:00';
const on = (day: string) => `2025-${day}T18:00:00.000+08:00`;
const whose = { need: 'n', lead: 'Water', community: 'Lakeside', category: '', kind: 'tangible' } as const;
const stage = (more: Partial<StageFact>): StageFact => ({
  due: more.at ?? '',
  ...{ of: 'stage', n: 1, ...whose, unit: 'Water', stage: 'funded', at: on('02-03'), state: 'came', dated: 1, late: 0 },
  ...{ escalatedTo: 0, minutes: 0, pausedMinutes: 0 },
  ...more,
});
const need = (more: Partial<NeedFact>): NeedFact => ({
  due: more.at ?? '',
  ...{ of: 'need', ...whose, at: on('02-03'), state: 'done', late: 0, minutes: 0, pausedMinutes: 0 },
  ...more,
});
const FACTS: readonly (StageFact | NeedFact)[] = [
  stage({}),
  stage({ at: on('02-28') }),
  stage({ at: on('03-09'), late: 1, escalatedTo: 2 }),
  stage({ unit: 'Roads', at: on('03-09'), state: 'running', escalatedTo: 1 }),
  stage({ unit: 'Roads', at: on('03-09'), state: 'paused' }),
  stage({ unit: '', stage: 'submitted', community: 'Hillside', at: on('03-10'), state: 'running' }),
  stage({ dated: 0, at: '', state: 'running' }), // provisional: not counted
  need({}),
  need({ at: on('03-09'), late: 1 }),
  need({ lead: 'Roads', at: on('03-09'), state: 'running' }),
  need({ lead: 'Roads', at: on('02-01'), state: 'paused', late: 1 }),
  need({ lead: '', community: 'Hillside', at: on('03-10'), state: 'running' }),
];
const count = (query: object) => {
  const tally = new Tally(timelinessQuery.parse(query), NOW);
  for (const fact of FACTS) tally.add(fact);
  return tally.rows();
};

describe('timeliness', () => {
  it('count what was missed once as late in the month of that, wherever its deadline was moved since, and not as late now', () => {
    const tally = new Tally(timelinessQuery.parse({ by: 'month' }), NOW);
    tally.add(stage({ at: on('02-20'), due: on('04-01'), state: 'running', late: 1, escalatedTo: 4 }));
    tally.add(need({ at: on('02-20'), due: on('04-01'), state: 'running', late: 1 }));
    expect(tally.rows()).toMatchObject([{ key: '2025-02', finished: 0, inTime: 0, late: 1, running: 1, overdue: 0, needs: { late: 1 } }]);
  });

  it('is counted by unit: what is late now is late, and what nobody by name was waited for has no row', () => {
    const none = { finished: 0, inTime: 0, late: 0, running: 0, overdue: 0, escalated: {} };
    expect(count({})).toEqual([
      {
        ...{ ...none, key: 'Roads', late: 1, running: 2, overdue: 1, inTimeRate: 0, escalated: { 1: 1 } },
        needs: { done: 0, inTime: 0, late: 2, inTimeRate: 0 },
      },
      {
        ...{ ...none, key: 'Water', finished: 3, inTime: 2, late: 1, inTimeRate: 2 / 3, escalated: { 1: 1, 2: 1 } },
        needs: { done: 2, inTime: 1, late: 1, inTimeRate: 1 / 2 },
      },
    ]);
  });
  it('is counted by community and stage; a need is of no stage', () => {
    const keys = (by: string) => count({ by }).map(({ key, finished, running, needs }) => [key, finished, running, needs?.done]);
    expect(keys('community')).toEqual([
      ['Hillside', 0, 1, 0],
      ['Lakeside', 3, 2, 2],
    ]);
    expect(keys('stage')).toEqual([
      ['funded', 3, 2, undefined],
      ['submitted', 0, 1, undefined],
    ]);
  });
  it('is counted by the month in which it ended, or in which the deadline was missed of what is late now', () => {
    expect(count({ by: 'month' }).map(({ key, finished, late, running, needs }) => [key, finished, late, running, needs])).toEqual([
      ['2025-02', 2, 0, 0, { done: 1, inTime: 1, late: 1, inTimeRate: 1 / 2 }],
      ['2025-03', 1, 2, 1, { done: 1, inTime: 0, late: 2, inTimeRate: 0 }],
    ]);
  });
  it('can be asked for days, a unit and a stage; the last day counts whole', () => {
    expect(count({ by: 'month', from: '2025-03-01', to: '2025-03-09' })).toMatchObject([{ key: '2025-03', finished: 1, running: 1 }]);
    expect(count({ by: 'month', from: '2025-02-04', to: '2025-03-08' })).toMatchObject([{ key: '2025-02', finished: 1, running: 0 }]);
    expect(count({ unit: 'Roads', stage: 'funded' })).toMatchObject([{ key: 'Roads', running: 2, needs: null }]);
    expect(count({ stage: 'done' })).toEqual([]);
  });
  it('is not asked backwards', () => {
    expect(timelinessQuery.safeParse({ from: '2025-03-02', to: '2025-03-01' }).success).toBe(false);
    expect(timelinessQuery.safeParse({ from: '2025-02-30' }).success).toBe(false);
    expect(timelinessQuery.safeParse({ by: 'mood' }).success).toBe(false);
  });
});
