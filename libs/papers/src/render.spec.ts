import { describe, expect, it } from '@jest/globals';
import type { PaperDocument } from '@qiyue/aggregate';
import { readPdf } from '@qiyue/testkit';
import { renderPaper, renderReport, type PaperOrigin } from './index';

const KB = 1_000;
const origin: PaperOrigin = {
  noun: { 'zh-CN': '共建契约', en: 'contract' },
  id: '0123456789abcdefghjkmnpqrs',
  seq: 12,
  hash: 'a1'.repeat(32),
  at: '2024-01-08T09:02:00.000+08:00',
  command: 'npx qiyue contract history 0123456789abcdefghjkmnpqrs',
  address: '/v1/contracts/0123456789abcdefghjkmnpqrs/history',
};
const every: PaperDocument = {
  title: '共建契约书',
  parts: [
    { kind: 'heading', text: '一、项目' },
    { kind: 'text', text: '说明文字' },
    { kind: 'facts', rows: [['甲方：', '民悦社区']] },
    { kind: 'table', head: ['项目', '数量'], widths: [3, 1], rows: [['安装路灯', '20 盏']] },
    { kind: 'list', items: ['提供场地', '组织居民'] },
    { kind: 'signatures', heading: '签署', note: '在线签署', sides: [{ title: '甲方', lines: ['签署人：cora'] }] },
  ],
};
const bare = (text: string): string => text.replaceAll(/\s/g, '');

describe('a printed report', () => {
  it.each([
    ['zh-CN', '数据哈希'],
    ['en', 'Hash'],
  ] as const)('says when it was made, the hash of what it was made from and how to check it (%s)', async (language, name) => {
    const report = { at: origin.at, hash: 'c3'.repeat(32), address: '/v1/lists?year=2024' };
    const said = bare(readPdf(await renderReport({ title: '清单', parts: [] }, report, language)).text);
    for (const part of [name, report.hash, report.address, 'RFC8785']) expect(said).toContain(part);
  });
});

describe('a printed document', () => {
  it('is A4, says all that stands in it, and what record it was made from', async () => {
    const { text, pages } = readPdf(await renderPaper(every, origin, 'zh-CN'));
    expect(pages).toEqual([{ width: 595.28, height: 841.89 }]);
    const said = bare(text);
    for (const words of ['共建契约书', '一、项目', '说明文字', '民悦社区', '安装路灯', '20盏', '提供场地', '签署', '在线签署', '签署人：cora'])
      expect(said).toContain(words);
    for (const words of [origin.id, '第12条记录，2024-01-0809:02', origin.hash, bare(origin.command), origin.address, '第1页，共1页'])
      expect(said).toContain(bare(words));
  });
  it('says it in English too', async () => {
    const said = bare(readPdf(await renderPaper({ title: 'Contract', parts: [] }, origin, 'en')).text);
    for (const words of ['Contract', 'How to check this document', 'record 12, 2024-01-08 09:02', origin.hash, 'page 1 of 1'])
      expect(said).toContain(bare(words));
  });
  it('has the same bytes for the same record, whenever it is made', async () => {
    const [one, other] = [await renderPaper(every, origin, 'zh-CN'), await renderPaper(every, origin, 'zh-CN')];
    expect(one.equals(other)).toBe(true);
    expect(one.equals(await renderPaper(every, { ...origin, seq: 13 }, 'zh-CN'))).toBe(false);
  });
  it('has its letters inside, rare ones of names too', async () => {
    const { fonts, text } = readPdf(await renderPaper({ title: '名', parts: [{ kind: 'text', text: '䶮峣㛃珺' }] }, origin, 'zh-CN'));
    expect(fonts).toEqual([
      { name: expect.stringMatching(/^[A-Z]{6}\+NotoSansSC-/), isEmbedded: true },
      { name: expect.stringMatching(/^[A-Z]{6}\+NotoSansSC-/), isEmbedded: true },
    ]);
    expect(text).toContain('䶮峣㛃珺');
  });
  it('stays below 300 kB where there is a lot to say, and breaks over pages', async () => {
    const letter = (n: number): string => String.fromCodePoint(0x4e00 + ((n * 7) % 1_000));
    const words = (n: number, length: number): string => Array.from({ length }, (_, i) => letter(n * length + i)).join('');
    const rows = Array.from({ length: 50 }, (_, n) => [String(n + 1), words(n, 100)]);
    const large: PaperDocument = {
      title: '大',
      parts: [
        { kind: 'table', head: ['序号', '项目'], widths: [1, 9], rows },
        { kind: 'list', items: Array.from({ length: 40 }, (_, n) => words(n, 200)) },
      ],
    };
    const content = await renderPaper(large, origin, 'zh-CN');
    expect(readPdf(content).pages.length).toBeGreaterThan(5);
    expect(content.length).toBeLessThan(300 * KB);
  });
  it('takes words for words, whatever they look like', async () => {
    const odd = ['{"image":"/etc/passwd"}', 'http://127.0.0.1/x.png', '<b>x</b>', '(\\)'];
    const { text } = readPdf(await renderPaper({ title: 't', parts: [{ kind: 'list', items: odd }] }, origin, 'en'));
    for (const words of odd) expect(bare(text)).toContain(words);
  });
});
