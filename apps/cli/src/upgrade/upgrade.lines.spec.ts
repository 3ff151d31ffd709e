import { describe, expect, it } from '@jest/globals';
import { checkLines, progressOf } from './upgrade.lines';

process.env['QIYUE_LANG'] = 'en';

describe('what the gate says to people', () => {
  it('names what would fork and what would stick, how long all take, and what to do', () => {
    const diverged = [
      { entity: 'a', seq: 2, why: 'other-hash' as const },
      { entity: 'c', seq: 3, why: 'other-state' as const, fields: ['lead', 'helpers'] },
    ];
    const stuck = [{ entity: 'b', why: 'DeterminismViolationError' }];
    expect(checkLines({ checked: 10, same: 7, diverged, stuck, perSecond: 25, open: 100_000 })).toEqual([
      'a seq 2: other-hash',
      'c seq 3: other-state lead helpers',
      'b: its history does not fit this code: DeterminismViolationError',
      '10 entities of 100000 open replayed: 7 same, 2 diverged, 1 stuck',
      '25 a second: all 100000 take about 67 min',
      'do not let this code in: declare the change as a new rules version (infra/docs/rules.md)',
    ]);
  });

  it('says that nothing differs, and no rate when nothing was replayed', () => {
    const nothing = { checked: 0, same: 0, diverged: [], stuck: [], perSecond: 0, open: 0 };
    expect(checkLines(nothing)).toEqual([
      '0 entities of 0 open replayed: 0 same, 0 diverged, 0 stuck',
      'this code comes to what the code that ran came to',
    ]);
  });

  it('shows how far it is', () => {
    expect(progressOf(50, 200, 5_000)).toBe('50 of 200 entities, about 15 s to go');
    expect(progressOf(1, 100_000, 100)).toBe('1 of 100000 entities, about 2.8 h to go');
  });
});
