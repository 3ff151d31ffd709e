import { describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '@qiyue/civic-domain';
import { satisfactionRowOf, type EvaluatedNeed } from './satisfaction-list.rows';
import { satisfactionPaper, satisfactionSheets } from './satisfaction-list.tables';
import { SATISFACTION_TEXTS } from './texts';

const on = (day: string): string => `2024-${day}T09:00:00.000+08:00`;
const stage = (name: 'submitted' | 'claimed' | 'funded' | 'done', from: string, to: string) => ({
  ...{ stage: name, round: 1, unit: null, from: on(from), dueAt: null, endedAt: on(to), late: null, escalatedTo: 0 },
});
const need: EvaluatedNeed = {
  ...{ needId: '0123456789abcdefghjkmnpqrs', title: '安装路灯', items: [{ name: '太阳能路灯', quantity: 20, unit: '盏' }], kind: 'tangible' },
  ...{ category: '照明', community: '民悦社区', unit: '党校', helpers: ['城管局'], createdAt: on('07-01'), author: { role: 'grid' } },
  ...{ stage: 'evaluated', round: 2, funding: [{ round: 1, amountFen: 205, source: 'donation', reference: 'r', unit: null, at: on('07-03') }] },
  stages: [
    ...[stage('submitted', '07-01', '07-02'), stage('claimed', '07-02', '07-03'), stage('funded', '07-03', '07-10'), stage('done', '07-10', '07-11')],
    ...[stage('claimed', '07-11', '07-12'), stage('funded', '07-12', '07-15'), stage('done', '07-15', '07-16')],
  ],
  evaluations: { resident: { score: 5, satisfied: true }, community: { score: 4, satisfied: true } },
};
const rowOf = (changes: Partial<EvaluatedNeed> = {}, working: number | null = 1) =>
  satisfactionRowOf({ ...need, ...changes }, on('07-16'), () => working, SATISFACTION_TEXTS['zh-CN']);
const list = { madeAt: on('12-31'), total: 2, items: [rowOf(), rowOf({ helpers: [], title: '=1+1' })], nextCursor: null };

describe('a row of the satisfaction list', () => {
  it('adds up the days of all rounds, by date, and what they were worked', () => {
    expect(rowOf().days).toEqual({
      ...{ claim: { calendar: 1, working: 1 }, fund: { calendar: 2, working: 2 }, works: { calendar: 10, working: 2 } },
      ...{ evaluate: { calendar: 2, working: 2 }, whole: { calendar: 14, working: 1 } },
    });
    expect(rowOf({}, null).days.works).toEqual({ calendar: 10, working: null });
  });
  it('tells what those are that asked, and a result where both sides spoke', () => {
    expect([rowOf().askedByName, rowOf({ author: { role: 'centre' } }).askedByName]).toEqual(['网格员', '其他']);
    expect([rowOf().satisfied, rowOf({ evaluations: { community: { score: 4, satisfied: true } } }).satisfied]).toEqual([true, null]);
    expect(rowOf()).toMatchObject({ number: expect.stringMatching(/^240701-/), reopened: 1, amountFen: 205 });
  });
});

describe('the satisfaction list', () => {
  it.each(LANGUAGES)('has a heading over every column, in a workbook and on paper, in %s', (language) => {
    const [sheet] = satisfactionSheets(list, language);
    expect(sheet?.columns.map(({ heading }) => heading)).toEqual(SATISFACTION_TEXTS[language].head);
    expect(sheet?.rows.map((row) => row.length)).toEqual([25, 25]);
  });
  it('is printed across, under what all its rows have in common, and says how many there are', () => {
    const { title, orientation, parts } = satisfactionPaper(list, 'zh-CN');
    expect([title, orientation]).toEqual(['民悦社区党校2024年度满意清单', 'landscape']);
    expect(parts).toMatchObject([{ text: '共 2 项' }, { kind: 'table', small: true }]);
    expect(satisfactionPaper({ ...list, total: 9 }, 'en').parts[0]).toMatchObject({ text: '9 in all, 2 of them here' });
    expect(satisfactionPaper({ ...list, items: [], total: 0 }, 'zh-CN').parts[1]).toMatchObject({ text: '（无）' });
  });
});
