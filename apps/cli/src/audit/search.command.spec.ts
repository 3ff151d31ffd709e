import { describe, expect, it } from '@jest/globals';
import { trailLines } from './search.command';

const row = { at: '2024-07-01T08:00:00.000+08:00', command: 'claim', aggregate: 'need', needId: 'n1', outcome: 'accepted', code: null };

process.env['QIYUE_LANG'] = 'en';

describe('the trail for people', () => {
  it('says when, who, what, and what became of it, in columns', () => {
    const items = [
      { ...row, actor: { id: 'officer-1', role: 'department', unit: '住建局' } },
      { ...row, actor: { id: 's', role: 'supervisor', unit: null }, outcome: 'refused', code: 'not-permitted' },
    ];
    expect(trailLines({ items, nextCursor: null })).toEqual([
      '2024-07-01 08:00:00  officer-1 (department, 住建局)  claim  accepted                n1',
      '2024-07-01 08:00:00  s (supervisor)                  claim  refused: not-permitted  n1',
    ]);
  });

  it('says how to go on, and when there is nothing', () => {
    expect(trailLines({ items: [], nextCursor: null })).toEqual(['nothing was found']);
    expect(trailLines({ items: [], nextCursor: 'x' }).at(-1)).toBe('more of them: add --cursor x');
  });
});
