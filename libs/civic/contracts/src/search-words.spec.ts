import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdsWords, SEARCHED_LETTERS_MAX, searchKeysOf, wordConditions, wordsOf } from './search-words';

/** What MongoDB would answer. */
const fits = (texts: readonly (string | null)[], q: string): boolean => {
  const { text, grams } = searchKeysOf(texts);
  return wordConditions(wordsOf(q)).every((condition) => {
    const [asked] = Object.values(condition as Readonly<Record<string, string | { $gte: string; $lt: string } | { $regex: string }>>);
    if (typeof asked === 'string') return grams.includes(asked);
    if (asked === undefined || '$regex' in asked) return new RegExp(asked?.$regex ?? '', 'u').test(text);
    return grams.some((gram) => gram >= asked.$gte && gram < asked.$lt);
  });
};

describe('words', () => {
  it('are found wherever each of them stands, in whatever letters', () => {
    for (const [text, q] of [
      ['３号楼ＡＢＣ', '3号楼abc'],
      ['3号楼abc', '３号楼ＡＢＣ'],
      ['扶手１２㎡', '12m2'],
      ['ｶﾞﾗｽ', 'ガラス'],
      ['楼道灯不亮', '灯 楼道'],
      ['a ramp at the gate', 'GATE ramp'],
      ['240701-7K3M9P-N', '7k3m9p'],
    ] as const) {
      expect([text, fits([null, text], q)]).toEqual([text, true]);
      expect([text, holdsWords([null, text], wordsOf(q))]).toEqual([text, true]);
    }
  });

  it('may stand in several texts, but none of them across two', () => {
    expect(fits(['路灯', '坡道'], '坡道 灯')).toBe(true);
    expect(fits(['路灯', '坡道'], '灯坡')).toBe(false);
    expect(fits(['路灯', '坡道'], '灯 井盖')).toBe(false);
  });

  it('are looked for as they are written, whatever signs are in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (q) => {
        expect(fits([`before ${q} after`], q)).toBe(wordsOf(q).length > 0 || fits([''], q));
      }),
    );
  });

  it('are found by the index just where the texts hold them', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'B', 'ｂ', '灯', '路', ' ', '.', '*'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 4 }), letters, (texts, q) => {
        fc.pre(wordsOf(q).length > 0);
        expect(fits(texts, q)).toBe(holdsWords(texts, wordsOf(q)));
      }),
      { numRuns: 500 },
    );
  });

  it('are found in so many letters, and not behind them', () => {
    const long = `${'x'.repeat(SEARCHED_LETTERS_MAX - 1)}灯`;
    expect([fits([long], '灯'), fits([`x${long}`], '灯')]).toEqual([true, false]);
  });
});
