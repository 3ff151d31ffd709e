import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LABELLED_NEEDS } from '../testing/labelled-needs';
import { similarNeeds, type Candidate } from './similar-needs';
import { similarityOf } from './similarity';
import { SIMILARITY } from './similarity.weights';

const need = (over: Partial<Candidate> = {}): Candidate => ({
  ...{ needId: 'n1', stage: 'submitted', title: '3号楼路灯不亮', description: null, kind: 'tangible', category: null, items: [] },
  ...{ compound: '泽强苑小区', location: null, createdAt: '2024-07-01T09:00:00.000+08:00' },
  ...over,
});
const codes = (a: Candidate, b: Candidate): readonly string[] => similarityOf(a, b).reasons.map(({ code }) => code);
const score = (over: Partial<Candidate>): number => similarityOf(need(), need({ needId: 'n2', ...over })).score;

describe('how alike two needs are', () => {
  it('is the most for the same words about the same thing at the same place and time', () => {
    expect(score({})).toBeGreaterThan(0.9);
    expect(codes(need(), need())).toEqual(['same-topic', 'same-words', 'same-compound', 'same-spot', 'near-time']);
  });
  it('is less in another compound, at another building, for other works, of another kind, far away and long ago', () => {
    const less: readonly Partial<Candidate>[] = [
      { compound: '锦绣花园' },
      { title: '8号楼路灯不亮' },
      { title: '3号楼安装路灯' },
      { kind: 'service' },
      { createdAt: '2023-01-01T09:00:00.000+08:00' },
    ];
    for (const over of less) expect([over, score(over) < score({})]).toEqual([over, true]);
    expect(codes(need(), need({ compound: '锦绣花园', title: '8号楼安装路灯', kind: 'service' }))).toEqual(
      expect.arrayContaining(['other-compound', 'other-spot', 'other-works', 'other-kind']),
    );
  });
  it('is found without a word in common, by what both are about', () => {
    const { score: alike, reasons } = similarityOf(need({ title: '楼顶漏水' }), need({ title: '屋面开裂' }));
    expect(alike).toBeGreaterThanOrEqual(SIMILARITY.floor);
    expect(reasons[0]).toEqual({ code: 'same-topic', topics: ['roof'] });
  });
  it('knows places to a hundredth of a degree alone', () => {
    const at = (lat: number, lng: number) => need({ location: { lat, lng } });
    expect(similarityOf(at(35.6012, 110.9712), at(35.6, 110.97))).toEqual(similarityOf(at(35.6, 110.97), at(35.6, 110.97)));
    expect(similarityOf(at(35.6, 110.97), at(35.6, 110.97)).reasons).toContainEqual({ code: 'near-place', km: 0 });
    expect(similarityOf(at(35.6, 110.97), at(35.7, 110.97)).score).toBeLessThan(similarityOf(at(35.6, 110.97), at(35.6, 110.97)).score);
  });
  it('is between 0 and 1, and the same from either side', () => {
    const one = fc.constantFrom(...LABELLED_NEEDS);
    fc.assert(
      fc.property(one, one, (a, b) => {
        const { score: there } = similarityOf(a, b);
        expect(there).toBe(similarityOf(b, a).score);
        expect(there >= 0 && there <= 1).toBe(true);
      }),
    );
  });
});

describe('what may be the same', () => {
  it('is never the need itself, nor what is nothing like it', () => {
    expect(similarNeeds(need(), [need(), need({ needId: 'n2', title: '举办讲座' })])).toEqual([]);
  });
  it('comes with what is still open first, then the most alike, then by id', () => {
    const others = [
      need({ needId: 'ended', stage: 'evaluated' }),
      need({ needId: 'less', compound: null }),
      need({ needId: 'b', stage: 'claimed' }),
      need({ needId: 'a' }),
    ];
    expect(similarNeeds(need(), others).map(({ need: { needId } }) => needId)).toEqual(['a', 'b', 'less', 'ended']);
  });
  it('is ten at most', () => {
    const many = Array.from({ length: 30 }, (_, i) => need({ needId: `m${i}` }));
    expect(similarNeeds(need(), many)).toHaveLength(10);
  });
});
