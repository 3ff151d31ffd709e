import { describe, expect, it } from '@jest/globals';
import type { PaperDocument } from '@qiyue/aggregate';
import { LANGUAGES, type Language } from '@qiyue/civic-domain';
import type { ContractView } from '@qiyue/contract-views';
import { endOf, LIVES } from '../testing/told-contract';
import { contractPaper } from './contract.paper';

const paperOf = (view: ContractView, language: Language = 'zh-CN'): PaperDocument => {
  const document = contractPaper.documentOf({ view, events: [], language });
  if (document === null) throw new Error('there is no paper');
  return document;
};
const partOf = (paper: PaperDocument, kind: string, nth = 0) => paper.parts.filter((part) => part.kind === kind)[nth];

describe('the printed contract', () => {
  it('names parties, items with quantities and dates, duties, and who signed when', () => {
    const paper = paperOf(endOf('signed'));
    expect(paper.title).toBe('共建契约书');
    expect(partOf(paper, 'facts')).toMatchObject({
      rows: expect.arrayContaining([
        ['甲方（社区）：', '民悦社区'],
        ['乙方（单位）：', '住建局'],
        ['期限：', '2024-01-08 – 2024-12-31'],
      ]),
    });
    expect(partOf(paper, 'table')).toMatchObject({
      rows: [
        ['1', '安装太阳能路灯', '实事', '20 盏', '2024-09-30', '—'],
        ['2', '消防安全讲座', '好事', '—', '2024-12-31', '—'],
      ],
    });
    expect([partOf(paper, 'list', 0), partOf(paper, 'list', 1)]).toMatchObject([
      { items: ['提供场地，组织居民参加'] },
      { items: ['安排专人联系社区', '每季度走访一次'] },
    ]);
    expect(partOf(paper, 'signatures')).toMatchObject({
      sides: [
        { title: '甲方（社区）：民悦社区', lines: ['签署人：cora', '签署时间：2024-01-08 09:02'] },
        { title: '乙方（单位）：住建局', lines: ['签署人：wes', '签署时间：2024-01-08 09:01'] },
      ],
    });
  });
  it('is a draft until both have signed', () => {
    const paper = paperOf(endOf('moved'));
    expect(paper.title).toBe('共建契约书（待签）');
    expect(partOf(paper, 'signatures')).toMatchObject({ sides: [{ lines: ['尚未签署'] }, { lines: ['尚未签署'] }] });
  });
  it('says what came of it, and no comment', () => {
    const paper = paperOf(endOf('evaluated'));
    expect(partOf(paper, 'table')).toMatchObject({ rows: [['1', '安装太阳能路灯', '实事', '20 盏', '2024-09-30', '2024-01-08'], {}] });
    expect(partOf(paper, 'table', 1)).toMatchObject({
      rows: [
        ['甲方', '项目 1', '5', '2024-01-08'],
        ['乙方', '项目 1', '4', '2024-01-19'],
        ['甲方', '契约总体', '3', '2025-01-01'],
        ['乙方', '契约总体', '5', '2025-01-01'],
      ],
    });
    expect(partOf(paperOf(endOf('terminated')), 'facts')).toMatchObject({ rows: expect.arrayContaining([['解除通知：', '乙方, 2024-01-24 00:00']]) });
  });
  it('hides who signed from those who may not see it', () => {
    const view = endOf('signed');
    const hidden = { ...view, signatures: view.signatures.map((one) => ({ ...one, by: null as never })) };
    expect(partOf(paperOf(hidden), 'signatures')).toMatchObject({ sides: [{ lines: ['签署人：—', '签署时间：2024-01-08 09:02'] }, {}] });
  });
  it('is there for every contract at every moment, in both languages, without reasons and comments', () => {
    for (const language of LANGUAGES)
      for (const { after } of Object.values(LIVES).flat()) {
        const said = JSON.stringify(paperOf(after, language));
        expect(said).not.toMatch(/SECRET|undefined|null|NaN/);
        if (language === 'en') expect(said.replaceAll(/民悦社区|住建局|[\p{Script=Han}，]+/gu, '')).toMatch(/^[\x20-\x7e–—]*$/);
      }
  });
});
