import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, addWorkingDays, compileTable, describeDays, explain } from './index';
import { calendars, dateOfRandom } from './testing/calendars';

describe('how a date came about', () => {
  it('is told day by day, with what each day is and which one counts', () => {
    const told = explain(CHINA_2024_2026, '2025-10-10', 2);
    if (!told.ok) throw new Error('no answer');
    expect({ ...told.value, days: told.value.days.map(({ date, weekday, kind, name, count }) => [date, weekday, kind, name, count]) }).toEqual({
      version: 'cn-2024-2026.1',
      from: '2025-10-10',
      workingDays: 2,
      result: '2025-10-13',
      days: [
        ['2025-10-10', 5, 'starting-day', null, null],
        ['2025-10-11', 6, 'make-up', '国庆节调休', 1],
        ['2025-10-12', 7, 'weekend', null, null],
        ['2025-10-13', 1, 'working', null, 2],
      ],
    });
  });

  it('is told backwards too, over a holiday', () => {
    const told = explain(CHINA_2024_2026, '2025-05-06', -1);
    expect(told.ok && told.value.days.map(({ date, kind, name, nameEn }) => `${date} ${kind} ${name ?? ''} ${nameEn ?? ''}`.trim())).toEqual([
      '2025-05-06 starting-day',
      ...['05', '04', '03', '02', '01'].map((day) => `2025-05-${day} holiday 劳动节 Labour Day`),
      '2025-04-30 working',
    ]);
  });

  it('is one day long when nothing has to be counted', () => {
    const told = explain(CHINA_2024_2026, '2025-10-10', 0);
    expect(told.ok && [told.value.result, told.value.days.length]).toEqual(['2025-10-10', 1]);
  });

  it('is not told past the coverage', () => {
    expect(explain(CHINA_2024_2026, '2026-12-30', 5)).toEqual({ ok: false, why: 'uncovered', year: 2027 });
    expect(explain(CHINA_2024_2026, 'soon', 5)).toEqual({ ok: false, why: 'malformed', what: 'date' });
  });

  it('ends at the date that the rules compute, with the last count the number asked for, in any calendar', () => {
    fc.assert(
      fc.property(calendars, dateOfRandom, fc.integer({ min: -30, max: 30 }), (document, from, workingDays) => {
        const told = explain(document, from, workingDays);
        const end = addWorkingDays(compileTable(document), from, workingDays);
        if (!told.ok) return expect(told).toEqual(end);
        expect({ ok: true, value: told.value.result }).toEqual(end);
        expect(told.value.days[0]).toMatchObject({ date: from, kind: 'starting-day', count: null });
        const last = told.value.days.at(-1);
        expect(last?.date).toBe(told.value.result);
        if (workingDays !== 0) expect(last?.count).toBe(Math.abs(workingDays));
        expect(told.value.days.filter(({ count }) => count !== null).length).toBe(last?.count ?? 0);
      }),
      { numRuns: 200, seed: 12 },
    );
  });
});

describe('a year of days', () => {
  it('has all its days, described', () => {
    const year = describeDays(CHINA_2024_2026, 2025);
    const count = (kind: string): number => year.filter((day) => day.kind === kind).length;
    expect([year.length, count('working'), count('make-up'), count('holiday'), count('weekend')]).toEqual([365, 243, 5, 28, 89]);
    expect(year[0]).toEqual({ date: '2025-01-01', weekday: 3, kind: 'holiday', name: '元旦', nameEn: "New Year's Day" });
  });

  it('is empty when it is not covered', () => expect(describeDays(CHINA_2024_2026, 2027)).toEqual([]));
});
