import { describe, expect, it } from '@jest/globals';
import type { PaperDocument, PaperEvent } from '@qiyue/aggregate';
import { LANGUAGES, type Language } from '@qiyue/civic-domain';
import { LIVES, type ToldLife } from '../testing/told-life';
import { acceptancePaper } from './acceptance.paper';

const printed = ({ moments }: ToldLife, upTo = moments.length, language: Language = 'zh-CN'): PaperDocument | null => {
  const view = moments[upTo - 1]?.after;
  if (view === undefined) throw new Error('nothing happened');
  const events = moments
    .slice(0, upTo)
    .map(({ record: { seq, type, time, actor, data } }): PaperEvent => ({ seq, type, time, actor, data: data as object }));
  return acceptancePaper.documentOf({ view, events, language });
};

describe('the acceptance record', () => {
  it('is there from `done` on, and while the need is not done again', () => {
    const seen = new Set<string>();
    for (const life of Object.values(LIVES))
      for (const [i, { after }] of life.moments.entries()) {
        const isThere = printed(life, i + 1) !== null;
        expect([after.stage, isThere]).toEqual([after.stage, ['done', 'evaluated'].includes(after.stage)]);
        seen.add(`${after.stage} ${isThere}`);
      }
    expect([...seen]).toEqual(expect.arrayContaining(['submitted false', 'funded false', 'done true', 'evaluated true']));
  });
  it('says what was asked for, delivered and paid, and who accepted it when', () => {
    const life = Object.values(LIVES).find(({ moments }) => moments.at(-1)?.after.stage === 'evaluated');
    if (life === undefined) throw new Error('no need is evaluated');
    const paper = printed(life);
    const said = JSON.stringify(paper);
    expect(paper?.title).toBe('需求验收单');
    for (const words of ['加装扶手', 'Lakeside', 'Water', '1 米', '捐赠', '0.07', '验收方：Lakeside', '验收人：cora']) expect(said).toContain(words);
    expect(said).toMatch(/验收时间：2024-\d\d-\d\d \d\d:\d\d/);
    expect(said).toMatch(/"[1-5] \/ 5, (满意|不满意)"/);
    expect(said).not.toMatch(/SECRET-(contact|description|plan|comment)|undefined|null/);
  });
  it('is the same in both languages but for the words', () => {
    const [life] = Object.values(LIVES).filter(({ moments }) => moments.at(-1)?.after.stage === 'evaluated');
    if (life === undefined) throw new Error('no need is evaluated');
    const kinds = LANGUAGES.map((language) => printed(life, undefined, language)?.parts.map(({ kind }) => kind));
    expect(kinds[0]).toEqual(kinds[1]);
    expect(JSON.stringify(printed(life, undefined, 'en'))).toMatch(/Acceptance record.*Accepted by: Lakeside/);
  });
});
