import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { addWorkingDays, compileTable, coverageEndsWithin, dateOf, isWorkingDay, workingDaysBetween, type Answer } from './index';
import { CHINA, calendars, dateOfRandom, valueOf } from './testing/calendars';
import { ALL_DATES, FESTIVALS, daysOff } from './testing/notices';

const add = (date: string, workingDays: number): Answer<string> => addWorkingDays(CHINA, date, workingDays);
const uncovered = (year: number) => ({ ok: false, why: 'uncovered', year });
const malformed = (what: string) => ({ ok: false, why: 'malformed', what });

describe('counting working days', () => {
  it.each([
    ['a Friday, one day: Monday', '2025-03-07', 1, '2025-03-10'],
    ['the working Monday before the Spring Festival, one day: after the eight days off', '2025-01-27', 1, '2025-02-05'],
    ['a holiday is a starting day like any other', '2025-10-01', 1, '2025-10-09'],
    ['a make-up Saturday counts', '2025-10-10', 1, '2025-10-11'],
    ['a make-up Saturday as the starting day does not count', '2025-10-11', 1, '2025-10-13'],
    ['across New Year', '2024-12-31', 1, '2025-01-02'],
    ['across New Year and its make-up Sunday', '2025-12-31', 2, '2026-01-05'],
    ['none, on a working day: itself', '2025-03-07', 0, '2025-03-07'],
    ['none, on a make-up Sunday: itself', '2025-01-26', 0, '2025-01-26'],
    ['none, on a holiday: the day after the holidays (Art. 203)', '2025-05-01', 0, '2025-05-06'],
    ['one before a Monday: Friday', '2025-03-10', -1, '2025-03-07'],
    ['one before the first day after the holidays', '2025-10-09', -1, '2025-09-30'],
    ['one before, from within the holidays', '2025-10-04', -1, '2025-09-30'],
    ['one before a Monday after a make-up Saturday', '2025-10-13', -1, '2025-10-11'],
  ])('%s', (_, from, workingDays, expected) => {
    expect(add(from, workingDays)).toEqual({ ok: true, value: expected });
  });

  it('says which year is missing when it runs out of days, on either side and from outside', () => {
    expect(add('2026-12-31', 1)).toEqual(uncovered(2027));
    expect(add('2026-12-20', 1_000_000_000)).toEqual(uncovered(2027));
    expect(add('2024-01-02', -1)).toEqual(uncovered(2023));
    expect(add('2019-05-01', 0)).toEqual(uncovered(2019));
    expect(workingDaysBetween(CHINA, '2026-12-31', '2027-01-04')).toEqual(uncovered(2027));
  });

  it.each(['2025-02-29', '2025-2-1', '2025-13-01', '2025-01-01T00:00', '', 'tomorrow'])('knows that "%s" is no date', (date) => {
    expect(add(date, 1)).toEqual(malformed('date'));
    expect(isWorkingDay(CHINA, date)).toEqual(malformed('date'));
    expect(workingDaysBetween(CHINA, '2025-01-01', date)).toEqual(malformed('date'));
    expect(coverageEndsWithin(CHINA, date, 60)).toEqual(malformed('date'));
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY])('knows that %p is no number of days', (count) => {
    expect(add('2025-03-07', count)).toEqual(malformed('count'));
    expect(coverageEndsWithin(CHINA, '2025-03-07', count)).toEqual(malformed('count'));
  });
});

describe('both sides of every holiday of three days and more', () => {
  const long = FESTIVALS.map(daysOff).filter((days) => days.length >= 3);
  const besides = long.map((days) => [days[0] ?? '', days.at(-1) ?? ''] as const);
  const neighbour = (date: string, step: 1 | -1): string => {
    const at = ALL_DATES.indexOf(date) + step;
    return valueOf(isWorkingDay(CHINA, ALL_DATES[at] ?? '')) ? (ALL_DATES[at] ?? '') : neighbour(ALL_DATES[at] ?? '', step);
  };

  it('has 17 of them to look at', () => expect(besides.length).toBe(17));

  it.each(besides)('%s to %s are one step from the day before to the day after, and back', (first, last) => {
    const [before, after] = [neighbour(first, -1), neighbour(last, 1)];
    expect(add(before, 1)).toEqual({ ok: true, value: after });
    expect(add(after, -1)).toEqual({ ok: true, value: before });
    expect(workingDaysBetween(CHINA, before, after)).toEqual({ ok: true, value: 1 });
    for (const inside of [first, last]) expect([add(inside, -1), add(inside, 0), add(inside, 1)].map(valueOf)).toEqual([before, after, after]);
  });
});

describe('any calendar', () => {
  const steps = fc.integer({ min: -40, max: 40 });

  it('gives back n when n days are added and then counted', () => {
    let counted = 0;
    fc.assert(
      fc.property(calendars, dateOfRandom, steps, (document, date, n) => {
        const table = compileTable(document);
        const end = addWorkingDays(table, date, n);
        if (!end.ok || (n === 0 && !valueOf(isWorkingDay(table, date)))) return;
        counted += 1;
        expect(workingDaysBetween(table, date, end.value)).toEqual({ ok: true, value: n });
        expect(isWorkingDay(table, end.value)).toEqual({ ok: true, value: true });
      }),
      { numRuns: 300, seed: 201 },
    );
    expect(counted).toBeGreaterThan(200);
  });

  it('never sets an earlier deadline for a later start, or for more days', () => {
    fc.assert(
      fc.property(calendars, dateOfRandom, dateOfRandom, steps, (document, one, other, n) => {
        const table = compileTable(document);
        const [earlier, later] = one < other ? [one, other] : [other, one];
        const [a, b, more] = [addWorkingDays(table, earlier, n), addWorkingDays(table, later, n), addWorkingDays(table, earlier, n + 1)];
        if (a.ok && b.ok) expect(a.value <= b.value).toBe(true);
        if (a.ok && more.ok) expect(a.value <= more.value).toBe(true);
      }),
      { numRuns: 300, seed: 203 },
    );
  });

  it('counts the same forth and back, and through any day between', () => {
    fc.assert(
      fc.property(calendars, dateOfRandom, dateOfRandom, dateOfRandom, (document, ...dates) => {
        const table = compileTable(document);
        const [a, b, c] = [...dates].sort() as [string, string, string];
        const between = (from: string, to: string): number => valueOf(workingDaysBetween(table, from, to));
        expect(between(a, b) + between(b, c)).toBe(between(a, c));
        const [aWorks, bWorks] = [a, b].map((date) => Number(valueOf(isWorkingDay(table, date))));
        if (a !== b) expect(between(b, a) + between(a, b)).toBe((bWorks ?? 0) - (aWorks ?? 0));
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

describe('the day of an instant', () => {
  it.each([
    ['2025-01-01T23:59:59.999+08:00', '2025-01-01'],
    ['2025-01-01T16:00:00Z', '2025-01-02'],
    ['2025-01-01T15:59:59.999Z', '2025-01-01'],
    ['2024-12-31T20:00-05:00', '2025-01-01'],
  ])('%s is in Shanghai %s', (instant, date) => expect(dateOf(instant)).toEqual({ ok: true, value: date }));

  it.each(['2025-01-01T10:00:00', '2025-01-01', '2025-02-30T10:00:00Z', '2025-01-01T25:00:00Z', '9999-12-31T23:00:00Z', 'now', ''])(
    '"%s" is none',
    (instant) => expect(dateOf(instant)).toEqual(malformed('instant')),
  );
});

describe('the warning that the calendar ends', () => {
  it.each([
    ['2026-10-31', false, 61],
    ['2026-11-01', true, 60],
    ['2026-12-31', true, 0],
    ['2027-02-01', true, -32],
    ['2025-01-01', false, 729],
  ])('on %s, 60 days ahead: %p, %i days left', (date, within, daysLeft) => {
    expect(coverageEndsWithin(CHINA, date, 60)).toEqual({ ok: true, value: { within, lastDate: '2026-12-31', daysLeft } });
  });
});
