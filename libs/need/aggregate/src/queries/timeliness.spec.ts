import { describe, expect, it } from '@jest/globals';
import { Tally, timelinessQuery, type CountedStage } from './timeliness';

const NOW = '2025-03-10T12:00:00.000+08:00';
const due = (day: string) => `2025-${day}T18:00:00.000+08:00`;
const stage = (more: Partial<CountedStage>): CountedStage => ({
  ...{ stage: 'funded', round: 1, unit: 'Water', community: 'Lakeside', from: due('01-02'), dueAt: due('02-03') },
  ...{ endedAt: due('02-03'), late: false, escalatedTo: 0, isPaused: false },
  ...more,
});
const STAGES: readonly CountedStage[] = [
  stage({}),
  stage({ dueAt: due('02-28') }),
  stage({ dueAt: due('03-01'), endedAt: due('03-09'), late: true, escalatedTo: 2 }),
  stage({ unit: 'Roads', dueAt: due('03-09'), endedAt: null, late: null, escalatedTo: 1 }),
  stage({ unit: 'Roads', dueAt: due('03-09'), endedAt: null, late: null, isPaused: true }),
  stage({ unit: null, stage: 'submitted', community: 'Hillside', dueAt: due('03-10'), endedAt: null, late: null }),
  stage({ dueAt: null, endedAt: null, late: null }), // provisional: not counted
];
const count = (query: object) => {
  const tally = new Tally(timelinessQuery.parse(query), NOW);
  for (const time of STAGES) tally.add(time);
  return tally.rows();
};

describe('timeliness', () => {
  it('is counted by unit: what nobody by name was waited for has no row', () => {
    expect(count({})).toEqual([
      { key: 'Roads', finished: 0, inTime: 0, late: 0, running: 2, overdue: 1, inTimeRate: null, escalated: { 1: 1 } },
      { key: 'Water', finished: 3, inTime: 2, late: 1, running: 0, overdue: 0, inTimeRate: 2 / 3, escalated: { 1: 1, 2: 1 } },
    ]);
  });
  it('is counted by community, stage and month of the deadline', () => {
    const keys = (by: string) => count({ by }).map(({ key, finished, running }) => [key, finished, running]);
    expect(keys('community')).toEqual([
      ['Hillside', 0, 1],
      ['Lakeside', 3, 2],
    ]);
    expect(keys('stage')).toEqual([
      ['funded', 3, 2],
      ['submitted', 0, 1],
    ]);
    expect(keys('month')).toEqual([
      ['2025-02', 2, 0],
      ['2025-03', 1, 3],
    ]);
  });
  it('can be asked for days, a unit and a stage; the last day counts whole', () => {
    expect(count({ by: 'month', from: '2025-03-01', to: '2025-03-09' })).toMatchObject([{ key: '2025-03', finished: 1, running: 2 }]);
    expect(count({ unit: 'Roads', stage: 'funded' })).toHaveLength(1);
    expect(count({ stage: 'done' })).toEqual([]);
  });
  it('is not asked backwards', () => {
    expect(timelinessQuery.safeParse({ from: '2025-03-02', to: '2025-03-01' }).success).toBe(false);
    expect(timelinessQuery.safeParse({ from: '2025-02-30' }).success).toBe(false);
    expect(timelinessQuery.safeParse({ by: 'mood' }).success).toBe(false);
  });
});
