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

  it('are none where nothing is alike, and three at most', () => {
    expect(nearestNames('xyz', PLACES)).toEqual([]);
    expect(nearestNames('社区', [...PLACES, place('东社区'), place('西社区'), place('北社区')])).toHaveLength(3);
    expect(nearestNames('社区', [])).toEqual([]);
  });

  it('come the same whatever stands at equal distance behind', () =>
    expect(nearestNames('和社区', [place('东社区'), place('西社区')])).toEqual(['东社区', '西社区']));
});
