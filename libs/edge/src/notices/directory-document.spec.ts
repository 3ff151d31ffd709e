import { describe, expect, it } from '@jest/globals';
import { explainIssues } from '@qiyue/civic-contracts';
import { directoryDocument } from './directory-document';

const place = (name: string, ...shortNames: readonly string[]) => ({ name, shortNames });
const faultsOf = (places: object, language: 'zh-CN' | 'en' = 'zh-CN') => {
  const parsed = directoryDocument.safeParse({ persons: [], robots: [], ...places });
  return parsed.success ? [] : explainIssues(parsed.error, language).map(({ path, message }) => `${path} ${message}`);
};

describe('names in a directory', () => {
  it.each([
    ['a blank between', [place('幸福社区'), place('幸福 社区')], 'communities.1.name 名称重复：幸福 社区'],
    ['a wide blank, and letters of another width', [place('A1社区'), place('Ａ１\u3000社区')], 'communities.1.name 名称重复：Ａ１\u3000社区'],
    [
      'a short name that is another’s full one',
      [place('幸福社区'), place('和平社区', '和平', '幸福 社区')],
      'communities.1.shortNames.1 名称重复：幸福 社区',
    ],
    ['the same before it', [place('和平社区', '幸福社区'), place('幸福社区')], 'communities.0.shortNames.0 名称重复：幸福社区'],
  ])('are not there twice: %s', (_, communities, fault) => expect(faultsOf({ communities })).toEqual([fault]));

  it('are looked at among compounds and units too, and the one that is double is named in either language', () => {
    const compounds = [place('泽强苑'), place('泽强 苑')];
    expect(faultsOf({ communities: [{ ...place('幸福社区'), compounds }] })).toEqual(['communities.0.compounds.1.name 名称重复：泽强 苑']);
    expect(faultsOf({ units: [place('住建局'), place('住 建局')] }, 'en')).toEqual(['units.1.name This name is there already: 住 建局']);
  });

  it('may be one’s own in short, and two may share a short name, which nobody goes by', () => {
    expect(faultsOf({ communities: [place('幸福社区', '幸福社区', '幸福'), place('幸福里社区', '幸福')] })).toEqual([]);
  });
});
