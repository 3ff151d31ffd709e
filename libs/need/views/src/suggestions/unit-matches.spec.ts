import { describe, expect, it } from '@jest/globals';
import { matchedUnits, wantedRows, type MatchedNeed } from './unit-matches';
import { recordRowsOf, type RecordRow, type UnitRecord } from './unit-record.fold';

const NEED: MatchedNeed = {
  ...{ title: '楼顶漏水', description: null, kind: 'tangible', category: '房屋维修', items: [], community: '民悦社区', compound: null },
  ...{ location: null, createdAt: '2024-07-01T09:00:00.000+08:00' },
};
const row = (unit: string, over: Partial<RecordRow>): RecordRow => ({
  ...{ unit, of: 'topic', name: 'roof', claimed: 4, open: 0, done: 4, inTime: 4, satisfied: 4 },
  ...over,
});
const order = (rows: readonly RecordRow[]): readonly string[] => matchedUnits(NEED, rows).map(({ unit }) => unit);

describe('departments that could serve a need', () => {
  it('are asked for by topic, category, community, kind and all they have', () => {
    expect(wantedRows(NEED)).toEqual([
      { of: 'topic', names: ['roof'] },
      { of: 'category', names: ['房屋维修'] },
      { of: 'community', names: ['民悦社区'] },
      { of: 'kind', names: ['tangible'] },
      { of: 'all', names: [''] },
    ]);
    expect(wantedRows({ ...NEED, title: '别的', category: null }).slice(0, 2)).toEqual([
      { of: 'topic', names: [] },
      { of: 'category', names: [] },
    ]);
  });
  it('come with the numbers that speak for them', () => {
    const rows = [row('住建局', {}), row('住建局', { of: 'all', name: '', open: 3 }), row('住建局', { of: 'topic', name: 'lift' })];
    expect(matchedUnits(NEED, rows)).toEqual([
      {
        unit: '住建局',
        score: expect.any(Number),
        reasons: [
          { code: 'topic-record', name: 'roof', claimed: 4, open: 0, done: 4, inTime: 4, satisfied: 4 },
          { code: 'load', open: 3 },
        ],
      },
    ]);
  });
  it('come first where they had more of the same, were in time and satisfied, and have less open', () => {
    expect(order([row('少', { claimed: 1, done: 1, inTime: 1, satisfied: 1 }), row('多', {})])).toEqual(['多', '少']);
    expect(order([row('迟', { inTime: 0, satisfied: 1 }), row('准', {})])).toEqual(['准', '迟']);
    expect(order([row('忙', {}), row('忙', { of: 'all', name: '', open: 40 }), row('闲', {})])).toEqual(['闲', '忙']);
    expect(order([row('类', { of: 'category', name: '房屋维修' }), row('题', {})])).toEqual(['题', '类']);
  });
  it('are none without a record of the like: that they did needs of the kind is not enough', () => {
    expect(order([row('别', { of: 'kind', name: 'tangible' }), row('他', { name: 'lift' })])).toEqual([]);
    expect(order([])).toEqual([]);
  });
});

describe('what a need gives to the record of whoever leads it', () => {
  const record: UnitRecord = {
    ...{ community: '民悦社区', kind: 'tangible', category: null, title: '路灯维修', names: ['路灯'] },
    score: { lead: { unit: '城管局', year: 2024 }, isDone: false, isLate: false, isSatisfied: false, dueAt: null, pausedSince: null },
  };
  it('is nothing while nobody does', () => {
    expect(recordRowsOf({ ...record, score: { ...record.score, lead: null } })).toEqual([]);
  });
  it('is a line for each thing it is about: open, then done, in time and satisfied', () => {
    const lines = recordRowsOf(record);
    expect(lines.map(({ of, name }) => [of, name])).toEqual([
      ['all', ''],
      ['topic', 'lighting'],
      ['community', '民悦社区'],
      ['kind', 'tangible'],
    ]);
    expect(lines[0]).toEqual({ unit: '城管局', of: 'all', name: '', claimed: 1, open: 1, done: 0, inTime: 0, satisfied: 0 });
    const done = recordRowsOf({ ...record, category: '照明', score: { ...record.score, isDone: true, isLate: true, isSatisfied: true } });
    expect(done[2]).toEqual({ unit: '城管局', of: 'category', name: '照明', claimed: 1, open: 0, done: 1, inTime: 0, satisfied: 1 });
  });
});
