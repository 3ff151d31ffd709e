import { describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '@qiyue/civic-domain';
import type { Lists } from './lists.schema';
import { amountOf, needRowOf, type ShownNeed } from './rows';
import { listSheets, listsPaper } from './tables';
import { LIST_TEXTS } from './texts';

const at = '2024-07-02T09:00:00.000+08:00';
const need: ShownNeed = {
  ...{
    needId: 'n1',
    title: '=1+1',
    items: [{ name: '路灯', quantity: 20, unit: '盏' }],
    kind: 'tangible',
    compound: null,
    unit: '党校',
    helpers: [],
  },
  ...{ stage: 'evaluated', createdAt: at, promisedBy: null, lapsed: null },
  funding: [
    { round: 1, amountFen: 100, source: 'donation', reference: 'r', unit: null, at, cancelledAt: at },
    { round: 1, amountFen: 250, source: 'donation', reference: 'r', unit: null, at, finalCostFen: 205 },
    { round: 2, amountFen: 0, source: 'rework', reference: 'r', unit: null, at },
  ],
  stages: [
    { stage: 'claimed', round: 1, unit: '党校', from: '2024-07-03T09:00:00.000+08:00', dueAt: null, endedAt: at, late: null, escalatedTo: 0 },
    {
      stage: 'done',
      round: 1,
      unit: null,
      from: '2024-07-09T09:00:00.000+08:00',
      dueAt: null,
      endedAt: '2024-07-10T09:00:00.000+08:00',
      late: null,
      escalatedTo: 0,
    },
  ],
  evaluations: {
    resident: { score: 5, satisfied: true, comment: null, at },
    community: { score: 4, satisfied: true, comment: null, at },
  },
};
const texts = LIST_TEXTS['zh-CN'];
const lists: Lists = { community: '涧东社区', year: 2024, madeAt: at, needs: [needRowOf(need, 1, texts)], resources: [], projects: [] };

describe('a row of the list of needs', () => {
  it('has what was funded, as it was adjusted and as it was reported, and nothing of works that were cancelled', () => {
    expect(amountOf(need)).toBe(205);
  });

  it('has the days of its stages, and whether both sides are satisfied once it is evaluated', () => {
    expect(lists.needs).toMatchObject([
      {
        number: 1,
        claimedAt: '2024-07-03T09:00:00.000+08:00',
        doneAt: '2024-07-09T09:00:00.000+08:00',
        evaluatedAt: '2024-07-10T09:00:00.000+08:00',
        satisfied: true,
      },
    ]);
    const { community } = need.evaluations;
    const satisfiedWith = (changes: Partial<ShownNeed>) => needRowOf({ ...need, ...changes }, 1, texts).satisfied;
    expect(satisfiedWith({ evaluations: { resident: { score: 1, satisfied: false, comment: null, at }, community } })).toBe(false);
    expect(satisfiedWith({ stage: 'done' })).toBeNull();
    expect(satisfiedWith({ evaluations: { resident: null, community }, lapsed: { missing: ['resident'], at } })).toBeNull();
  });
});

describe('the three lists', () => {
  it.each(LANGUAGES)('have a heading over every column, in a workbook and on paper, in %s', (language) => {
    const sheets = listSheets(lists, language);
    expect(sheets.map(({ rows }) => rows.length)).toEqual([1, 0, 0]);
    for (const { columns, rows } of sheets) {
      expect(columns.filter(({ heading }) => heading === '')).toEqual([]);
      expect(rows.map((row) => row.length)).toEqual(rows.map(() => columns.length));
    }
    const { needHead, resourceHead, projectHead } = LIST_TEXTS[language];
    expect(sheets.map(({ columns }) => columns.map(({ heading }) => heading))).toEqual([needHead, resourceHead, projectHead]);
  });

  it('have money in yuan: a number in a workbook, with two decimals on paper', () => {
    const [needs] = listSheets(lists, 'zh-CN');
    expect([needs?.rows[0]?.[8], needs?.columns[8]?.format]).toEqual([2.05, '#,##0.00']);
    expect(JSON.stringify(listsPaper(lists, 'zh-CN'))).toContain('"2.05"');
  });

  it('are printed across, each from the top of a page, and say where there is nothing', () => {
    const { title, orientation, parts } = listsPaper(lists, 'zh-CN');
    expect([title, orientation]).toEqual(['涧东社区2024年度需求、资源、项目清单', 'landscape']);
    expect(parts).toMatchObject([
      { kind: 'heading', text: '需求清单（共 1 项）' },
      { kind: 'table', small: true },
      { kind: 'heading', text: '资源清单（共 0 项）', onNewPage: true },
      { kind: 'text', text: '（无）' },
      { kind: 'heading', onNewPage: true },
      { kind: 'text' },
    ]);
  });
});
