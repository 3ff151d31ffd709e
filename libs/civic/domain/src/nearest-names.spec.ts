import { describe, expect, it } from '@jest/globals';
import { nearestNames, type NamedPlace } from './index';

const place = (name: string, ...shortNames: readonly string[]): NamedPlace => ({ name, shortNames });
const PLACES = [place('民悦社区', '民悦'), place('幸福社区'), place('城南社区', '南关'), place('Lakeside', 'the lake')];

describe('the names that may be meant', () => {
  it.each([
    ['a character mistyped', '民阅社区', '民悦社区'],
    ['a character too many', '幸福福社区', '幸福社区'],
    ['a short name', '南关', '城南社区'],
    ['a part of the name', '民悦', '民悦社区'],
    ['more than the name', '稷山县幸福社区', '幸福社区'],
    ['other letters for the same', 'ＬＡＫＥＳＩＤＥ', 'Lakeside'],
    ['letters swapped', 'Lakeisde', 'Lakeside'],
  ])('begin with the nearest: %s', (_, written, meant) => expect(nearestNames(written, PLACES)[0]).toBe(meant));

  it('share more than what most names end in, and those that share letters of their own come first', () => {
    const communities = ['民悦社区', '涧东社区', '稷王社区', '和平社区', '平安里社区'].map((name) => place(name));
    expect(nearestNames('平安社区', communities)).toEqual(['平安里社区', '和平社区']);
    expect(nearestNames('东风社区', communities)).toEqual(['涧东社区']);
    expect(nearestNames('红旗社区', communities)).toEqual([]);
  });

  it('are none where nothing is alike, and three at most', () => {
    expect(nearestNames('xyz', PLACES)).toEqual([]);
    const south = ['城南', '南关', '南门', '南坡'].map((name) => place(`${name}社区`));
    expect(nearestNames('南社区', south)).toHaveLength(3);
    expect(nearestNames('社区', [])).toEqual([]);
  });

  it('come in the order of the list where they are as near', () =>
    expect(nearestNames('南和社区', [place('南关社区'), place('和平社区'), place('东门社区')])).toEqual(['南关社区', '和平社区']));
});
