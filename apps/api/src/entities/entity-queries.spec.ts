import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mentions } from './entity-queries';

describe('a search in texts', () => {
  it('looks for q as it is written, whatever signs are in it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 50 }), (q) => {
        expect(mentions([null, `before ${q} after`], q)).toBe(true);
        expect(mentions([null, '。'], `${q}!`)).toBe(false);
      }),
    );
  });

  it('finds full-width for half-width, large for small, and the other way round', () => {
    for (const [text, q] of [
      ['３号楼ＡＢＣ', '3号楼abc'],
      ['3号楼abc', '３号楼ＡＢＣ'],
      ['扶手１２㎡', '12m2'],
      ['ｶﾞﾗｽ', 'ガラス'],
    ] as const)
      expect([text, mentions([text], q)]).toEqual([text, true]);
  });
});
