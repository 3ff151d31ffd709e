import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import {
  CALENDAR_MISTAKE_MESSAGES,
  CHINA_2024_2026,
  applyOverrides,
  checkDocument,
  compileTable,
  explainMistake,
  isOverrides,
  isWorkingDay,
  type CalendarMistakeKind,
  type Checked,
} from './index';
import { valueOf } from './testing/calendars';

const right = {
  version: 'test.1',
  name: '试用日历',
  covers: { from: '2025-01-01', to: '2025-12-31' },
  holidays: [{ date: '2025-01-01', name: '元旦' }],
  makeUpDays: [{ date: '2025-01-05', name: '补班', nameEn: 'make-up' }],
  sources: [{ title: '通知', number: '1号', date: '2024-11-12' }],
};
const overrides = { version: 'county.1', basedOn: 'cn-2024-2026.1', name: '本县日历', add: [], remove: [] };
const apply = (changes: object) => applyOverrides(CHINA_2024_2026, { ...overrides, ...changes });

/** Mistakes as `place kind`. */
const mistakesIn = (checked: Checked<unknown>): readonly string[] =>
  checked.ok ? [] : checked.mistakes.map(({ kind, where }) => `${where} ${kind}`.trim());
const seen = new Set<string>(['not-json']); // that one is of the file's reader
const expectMistakes = (checked: Checked<unknown>, ...expected: readonly string[]): void => {
  expect([...mistakesIn(checked)].sort()).toEqual([...expected].sort());
  for (const text of expected) seen.add(text.split(' ').at(-1) ?? '');
};
const aDay = (date: unknown, name: unknown = '某日') => ({ date, name });

describe('a calendar file', () => {
  it('is taken as it is when it is right', () => expect(checkDocument(right)).toEqual({ ok: true, value: right }));

  it.each([null, 1, 'text', []])('is not %j', (value) => expectMistakes(checkDocument(value), 'not-an-object'));

  it('has all its fields and no other', () => {
    expectMistakes(checkDocument({}), ...['version', 'name', 'covers', 'holidays', 'makeUpDays', 'sources'].map((name) => `${name} missing-field`));
    expectMistakes(checkDocument({ ...right, holiday: [] }), 'holiday unknown-field');
  });

  it('has every mistake listed at once, each with its place', () => {
    const wrong = {
      version: 'a b',
      name: ' ',
      covers: { from: '2025-01-01', to: '2025-12-31' },
      holidays: [aDay('2025-01-01'), aDay('2025-02-30'), aDay('2026-01-01'), aDay('2025-01-01'), { date: '2025-05-01' }, 'x', aDay('2025-05-02', 7)],
      makeUpDays: [aDay('2025-01-01'), aDay('2025-01-06'), { ...aDay('2025-01-05'), nameEN: 'x' }],
      sources: [{ title: '通知', number: '', date: 'soon' }, null],
    };
    expectMistakes(
      checkDocument(wrong),
      'version bad-version',
      'name bad-text',
      'holidays[1].date bad-date',
      'holidays[2].date outside-coverage',
      'holidays[3].date listed-twice',
      'holidays[4].name missing-field',
      'holidays[5] not-an-object',
      'holidays[6].name bad-text',
      'makeUpDays[0].date listed-twice',
      'makeUpDays[0].date make-up-on-weekday',
      'makeUpDays[1].date make-up-on-weekday',
      'makeUpDays[2].nameEN unknown-field',
      'sources[0].number bad-text',
      'sources[0].date bad-date',
      'sources[1] not-an-object',
    );
  });

  it.each([
    ['reversed', { from: '2025-12-31', to: '2025-01-01' }, ['covers range-reversed']],
    ['not of whole years', { from: '2025-01-01', to: '2025-12-30' }, ['covers not-whole-years']],
    ['too long', { from: '2025-01-01', to: '2035-12-31' }, ['covers range-too-long']],
    ['no range', { from: '2025-01-01', to: 'never' }, ['covers.to bad-date']],
    ['half a range', { from: '2025-01-01' }, ['covers.to missing-field']],
    ['longer than its days', { from: '2025-01-01', to: '2027-12-31' }, ['holidays year-without-holidays', 'holidays year-without-holidays']],
  ])('does not cover what is %s', (_, covers, expected) => expectMistakes(checkDocument({ ...right, covers }), ...expected));

  it('has lists where lists belong', () => {
    const lists = { holidays: {}, makeUpDays: null, sources: 'x' };
    expectMistakes(
      checkDocument({ ...right, ...lists }),
      'holidays not-a-list',
      'makeUpDays not-a-list',
      'sources not-a-list',
      'holidays year-without-holidays',
    );
  });

  it('never makes the check throw', () => {
    const field = fc.constantFrom(...Object.keys(right));
    fc.assert(
      fc.property(field, fc.anything(), (name, value) => {
        expect(typeof checkDocument({ ...right, [name]: value }).ok).toBe('boolean');
        expect(typeof apply({ [name]: value }).ok).toBe('boolean');
      }),
      { numRuns: 1_000, seed: 4 },
    );
  });
});

describe("a county's changes", () => {
  it('add, remove and name days, and leave the rest', () => {
    const changed = apply({
      add: [
        { ...aDay('2025-11-11', '县庆'), kind: 'holiday' },
        { ...aDay('2025-11-15', '县庆补班'), kind: 'make-up' },
      ],
      remove: ['2025-10-11'],
      names: [aDay('2025-10-06', '中秋佳节')],
      sources: [{ title: '县通知', number: '3号', date: '2025-09-01' }],
    });
    if (!changed.ok) throw new Error(JSON.stringify(changed.mistakes));
    const { value: document } = changed;
    const works = (date: string): boolean => valueOf(isWorkingDay(compileTable(document), date));
    expect([document.version, document.name]).toEqual(['cn-2024-2026.1+county.1', '本县日历']);
    expect(['2025-11-11', '2025-11-15', '2025-10-11', '2025-10-06', '2025-10-09'].map(works)).toEqual([false, true, false, false, true]);
    expect(document.holidays.find(({ date }) => date === '2025-10-06')?.name).toBe('中秋佳节');
    expect(document.sources.at(-1)?.title).toBe('县通知');
    expect(checkDocument(document)).toEqual({ ok: true, value: document });
    const before = new Set([...CHINA_2024_2026.holidays, ...CHINA_2024_2026.makeUpDays].map(({ date }) => date));
    const after = [...document.holidays, ...document.makeUpDays].map(({ date }) => date);
    expect(after.filter((date) => !before.has(date)).sort()).toEqual(['2025-11-11', '2025-11-15']);
    expect(after.length).toBe(before.size + 1);
  });

  it('can make a holiday a working day and a make-up day a holiday, by taking the listed day out first', () => {
    const changed = apply({ remove: ['2025-10-06', '2025-10-11'], add: [{ ...aDay('2025-10-11'), kind: 'holiday' }] });
    if (!changed.ok) throw new Error(JSON.stringify(changed.mistakes));
    const table = compileTable(changed.value);
    expect(['2025-10-06', '2025-10-11'].map((date) => valueOf(isWorkingDay(table, date)))).toEqual([true, false]);
  });

  it('can bring the next year, and only with its days', () => {
    const nextYear = { coversTo: '2027-12-31', add: [{ ...aDay('2027-01-01', '元旦'), kind: 'holiday' }] };
    const changed = apply(nextYear);
    expect(changed.ok && valueOf(isWorkingDay(compileTable(changed.value), '2027-01-04'))).toBe(true);
    expectMistakes(apply({ ...nextYear, add: [] }), 'holidays year-without-holidays');
    expectMistakes(apply({ ...nextYear, coversTo: '2027-06-30' }), 'covers not-whole-years');
    expectMistakes(apply({ coversTo: '2025-12-31' }), 'coversTo coverage-shrinks');
    expect(apply({ coversTo: '2026-12-31' }).ok).toBe(true);
  });

  it('have every mistake listed at once', () => {
    expectMistakes(
      apply({
        basedOn: 'cn-2023.1',
        add: [
          { ...aDay('2025-10-01'), kind: 'holiday' },
          { ...aDay('2025-10-14'), kind: 'make-up' },
          { ...aDay('2027-01-01'), kind: 'holiday' },
          { ...aDay('2025-11-01'), kind: 'party' },
          aDay('2025-11-02'),
        ],
        remove: ['2025-11-03', '2025-10-05', '2025-10-05', 5],
        names: [aDay('2025-11-04'), aDay('2025-10-02'), aDay('2025-10-02')],
        note: 'x',
      }),
      'note unknown-field',
      'basedOn wrong-base',
      'add[0].date listed-twice',
      'add[1].date make-up-on-weekday',
      'add[2].date outside-coverage',
      'add[3].kind bad-kind',
      'add[4].kind missing-field',
      'remove[0] not-listed',
      'remove[2] not-listed',
      'remove[3] bad-date',
      'names[0].date not-listed',
      'names[2].date listed-twice',
    );
    expectMistakes(applyOverrides(CHINA_2024_2026, 'x'), 'not-an-object');
    expectMistakes(apply({ version: 'v'.repeat(60) }), 'version bad-version');
  });

  it('are told from a whole calendar', () => {
    expect([overrides, right, null, 'x'].map(isOverrides)).toEqual([true, false, false, false]);
  });
});

describe('the words for mistakes', () => {
  const kinds = Object.keys(CALENDAR_MISTAKE_MESSAGES) as CalendarMistakeKind[];

  it('are there for every kind, and every kind was met above', () => expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]));

  it('say where and what, in both languages', () => {
    const mistake = { kind: 'bad-date', where: 'holidays[3].date', detail: '2025-$&-30' } as const;
    expect(explainMistake(mistake, 'en')).toBe('holidays[3].date: is no date that exists (written 2025-01-31): 2025-$&-30');
    expect(explainMistake(mistake, 'zh-CN')).toBe('holidays[3].date：不是存在的日期（格式 2025-01-31）：2025-$&-30');
    expect(explainMistake({ kind: 'not-an-object', where: '', detail: '' }, 'en')).toBe('has to be an object {…}');
  });
});
