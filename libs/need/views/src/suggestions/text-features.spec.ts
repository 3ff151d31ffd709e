import { describe, expect, it } from '@jest/globals';
import { gramsOf, overlap, spotsIn, topicsIn, wordsInBoth, worksIn } from './text-features';

describe('what is taken out of a text', () => {
  it('is every two characters beside each other, of names each one too, with no empty words and no signs', () => {
    expect(gramsOf('小区路灯，不亮！')).toEqual(['路灯', '不亮']);
    expect(gramsOf('太阳能灯', true)).toEqual(['太阳', '阳能', '能灯', '太', '阳', '能', '灯']);
    expect(gramsOf('灯')).toEqual(['灯']);
    expect(gramsOf('，。')).toEqual([]);
  });
  it('is the same in full-width and half-width, large and small letters', () => {
    expect(gramsOf('ＬＥＤ灯')).toEqual(gramsOf('led灯'));
  });
  it('is a topic by the longest of the words that fit', () => {
    expect(topicsIn('占用消防通道')).toEqual(['fire-lane']);
    expect(topicsIn('消防器材和消防通道')).toEqual(['fire', 'fire-lane']);
    expect(topicsIn('下水道井盖丢失')).toEqual(['manhole']);
    expect(topicsIn('别的')).toEqual([]);
  });
  it('is a building or a lane by its number, and no floor', () => {
    expect(spotsIn('3号楼和十二号楼，三巷，2栋')).toEqual(['12', '2', '3']);
    expect(spotsIn('三号楼')).toEqual(spotsIn('３号楼'));
    expect(spotsIn('六楼没水，在楼上，几号楼')).toEqual([]);
  });
  it('is whether something new is wanted or a repair, unless it says both or neither', () => {
    expect(['加装扶手', '扶手损坏', '扶手损坏，加装一个', '扶手'].map(worksIn)).toEqual(['new', 'repair', null, null]);
  });
  it('is what stands in both, the longest first', () => {
    expect(wordsInBoth('安装太阳能路灯和垃圾桶', '太阳能路灯坏了，垃圾桶满了', 5)).toEqual(['太阳能路灯', '垃圾桶']);
    expect(wordsInBoth('路灯', '灯路', 5)).toEqual([]);
  });
  it('overlaps from nothing to everything', () => {
    const of = (...grams: readonly string[]) => new Map(grams.map((gram) => [gram, 1]));
    expect([overlap(of('a', 'b'), of('a', 'b')), overlap(of('a', 'b'), of('b', 'c')), overlap(of('a'), of('b')), overlap(of(), of())]).toEqual([
      1, 0.5, 0, 0,
    ]);
  });
});
