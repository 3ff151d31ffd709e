import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_OFFICE_HOURS as HOURS,
  closingOn,
  compileTable,
  deadlineAfter,
  isOpen,
  nextOpening,
  openingAfter,
  openingBefore,
  parseOfficeHours,
  workingInstantAfter,
  workingInstantBefore,
  workingMsBetween,
  type Answer,
} from './index';
import { CHINA, calendars, dateOfRandom, valueOf } from './testing/calendars';

const HOUR_MS = 3_600_000;
/** `2025-01-26 18:00` → the instant in Shanghai. */
const at = (text: string): string => `${text.replace(' ', 'T')}:00.000+08:00`;
const good = (text: string) => ({ ok: true, value: at(text) });
const deadline = (start: string, workingDays: number): Answer<string> => deadlineAfter(CHINA, HOURS, at(start), workingDays);

describe('a deadline', () => {
  it.each([
    ['created before opening', '2025-03-04 06:30', 2, '2025-03-06 18:00'],
    ['created in office hours', '2025-03-04 10:00', 2, '2025-03-06 18:00'],
    ['created after closing', '2025-03-04 21:00', 2, '2025-03-06 18:00'],
    ['created on a Sunday', '2025-03-02 10:00', 1, '2025-03-03 18:00'],
    ['created on a holiday', '2025-10-03 10:00', 2, '2025-10-10 18:00'],
    ['created on a make-up Saturday', '2025-10-11 10:00', 1, '2025-10-13 18:00'],
    ['whose last day is a make-up Sunday', '2025-01-24 10:00', 1, '2025-01-26 18:00'],
    ['whose last day would be a holiday', '2025-09-30 10:00', 1, '2025-10-09 18:00'],
    ['across New Year', '2024-12-30 10:00', 2, '2025-01-02 18:00'],
    ['of the same day, before opening', '2025-03-04 06:30', 0, '2025-03-04 18:00'],
    ['of the same day, at noon', '2025-03-04 13:00', 0, '2025-03-04 18:00'],
    ['of the same day, just before closing', '2025-03-04 17:59', 0, '2025-03-04 18:00'],
    ['of the same day, at closing, is the next day', '2025-03-04 18:00', 0, '2025-03-05 18:00'],
    ['of the same day, on a holiday', '2025-10-03 10:00', 0, '2025-10-09 18:00'],
  ])('%s (%s, %i working days) is at close of business: %s', (_, start, workingDays, expected) => {
    expect(deadline(start, workingDays)).toEqual(good(expected));
  });

  it('is the same whatever offset the start was written in', () => {
    expect(deadlineAfter(CHINA, HOURS, '2025-03-03T17:00:00Z', 1)).toEqual(good('2025-03-05 18:00'));
  });

  it('says which year is missing instead of guessing', () => {
    expect(deadline('2026-12-30 10:00', 1)).toEqual(good('2026-12-31 18:00'));
    expect(deadline('2026-12-31 10:00', 1)).toEqual({ ok: false, why: 'uncovered', year: 2027 });
    expect(deadline('2026-12-31 19:00', 0)).toEqual({ ok: false, why: 'uncovered', year: 2027 });
    expect(deadline('2023-12-31 10:00', 1)).toEqual({ ok: false, why: 'uncovered', year: 2023 });
  });

  it.each([-1, 1.5, Number.NaN])('is not set for %p working days', (count) => {
    expect(deadline('2025-03-04 10:00', count)).toEqual({ ok: false, why: 'malformed', what: 'count' });
  });

  it('on a promised date is at its close, or that of the next working day', () => {
    expect(closingOn(CHINA, HOURS, '2025-03-07')).toEqual(good('2025-03-07 18:00'));
    expect(closingOn(CHINA, HOURS, '2025-03-08')).toEqual(good('2025-03-10 18:00'));
    expect(closingOn(CHINA, HOURS, '2027-03-08')).toEqual({ ok: false, why: 'uncovered', year: 2027 });
  });
});

describe('the ladder around a deadline', () => {
  it.each([
    ['2025-03-10 18:00', '2025-03-07 08:00', '2025-03-11 08:00', '2025-03-18 08:00'],
    ['2025-10-09 18:00', '2025-09-30 08:00', '2025-10-10 08:00', '2025-10-16 08:00'],
    ['2025-10-04 03:00', '2025-09-30 08:00', '2025-10-09 08:00', '2025-10-15 08:00'],
  ])('%s: the reminder %s, one day late %s, six days late %s', (due, reminder, late, sixLate) => {
    expect(openingBefore(CHINA, HOURS, at(due), 1)).toEqual(good(reminder));
    expect(openingAfter(CHINA, HOURS, at(due), 1)).toEqual(good(late));
    expect(openingAfter(CHINA, HOURS, at(due), 6)).toEqual(good(sixLate));
  });

  it.each([0, -1, 0.5])('does not go %p days', (count) => {
    for (const opening of [openingAfter, openingBefore])
      expect(opening(CHINA, HOURS, at('2025-03-10 18:00'), count)).toEqual({ ok: false, why: 'malformed', what: 'count' });
  });
});

describe('the office', () => {
  it.each([
    ['2025-03-04 07:59', false, '2025-03-04 08:00'],
    ['2025-03-04 08:00', true, '2025-03-04 08:00'],
    ['2025-03-04 11:59', true, '2025-03-04 11:59'],
    ['2025-03-04 12:00', false, '2025-03-04 14:30'],
    ['2025-03-04 14:30', true, '2025-03-04 14:30'],
    ['2025-03-04 18:00', false, '2025-03-05 08:00'],
    ['2025-03-07 23:00', false, '2025-03-10 08:00'],
    ['2025-10-11 09:00', true, '2025-10-11 09:00'],
    ['2025-09-30 18:00', false, '2025-10-09 08:00'],
  ])('at %s is open: %p; from then on first at %s', (instant, open, opening) => {
    expect(isOpen(CHINA, HOURS, at(instant))).toEqual({ ok: true, value: open });
    expect(nextOpening(CHINA, HOURS, at(instant))).toEqual(good(opening));
  });

  it('knows nothing of years without a calendar', () => {
    expect(isOpen(CHINA, HOURS, at('2027-01-04 09:00'))).toEqual({ ok: false, why: 'uncovered', year: 2027 });
    expect(nextOpening(CHINA, HOURS, at('2026-12-31 18:00'))).toEqual({ ok: false, why: 'uncovered', year: 2027 });
  });

  it.each([
    [[]],
    [[{ opens: '12:00', closes: '08:00' }]],
    [
      [
        { opens: '08:00', closes: '12:00' },
        { opens: '11:00', closes: '18:00' },
      ],
    ],
    [[{ opens: '8:00', closes: '12:00' }]],
    [[{ opens: '08:00', closes: '24:30' }]],
  ])('has no hours like %j', (hours) => {
    expect(parseOfficeHours(hours)).toBeNull();
    const none = { ok: false, why: 'malformed', what: 'office-hours' };
    const instant = at('2025-03-04 10:00');
    expect([isOpen(CHINA, hours, instant), nextOpening(CHINA, hours, instant), deadlineAfter(CHINA, hours, instant, 1)]).toEqual([none, none, none]);
  });

  it.each([null, 'always', {}, [null], [{ opens: 8, closes: 12 }], [...HOURS, 'x']])('cannot read hours from %j', (value) => {
    expect(parseOfficeHours(value)).toBeNull();
  });

  it('reads its own hours, and those of a place that never closes', () => {
    const always = [{ opens: '00:00', closes: '24:00' }];
    expect([parseOfficeHours(JSON.parse(JSON.stringify(HOURS))), parseOfficeHours(always)]).toEqual([HOURS, always]);
    expect(deadlineAfter(CHINA, always, at('2025-03-04 10:00'), 1)).toEqual(good('2025-03-06 00:00'));
  });
});

describe('office time', () => {
  it.each([
    ['2025-03-04 09:00', '2025-03-04 10:00', 1],
    ['2025-03-04 11:00', '2025-03-04 15:30', 2],
    ['2025-03-04 00:00', '2025-03-05 00:00', 7.5],
    ['2025-03-07 17:00', '2025-03-10 09:00', 2],
    ['2025-09-30 17:00', '2025-10-09 09:00', 2],
    ['2025-10-10 17:00', '2025-10-11 09:00', 2],
    ['2025-10-02 09:00', '2025-10-03 09:00', 0],
    ['2026-12-31 17:00', '2027-01-01 00:00', 1],
  ])('from %s to %s is %d hours, and as many back', (from, to, hours) => {
    expect(workingMsBetween(CHINA, HOURS, at(from), at(to))).toEqual({ ok: true, value: hours * HOUR_MS });
    if (to < '2027') expect(workingMsBetween(CHINA, HOURS, at(to), at(from))).toEqual({ ok: true, value: 0 - hours * HOUR_MS });
  });

  it('is not known past the last day', () => {
    expect(workingMsBetween(CHINA, HOURS, at('2026-12-31 17:00'), at('2027-01-01 00:01'))).toEqual({ ok: false, why: 'uncovered', year: 2027 });
    expect(workingInstantAfter(CHINA, HOURS, at('2026-12-31 17:00'), 2 * HOUR_MS)).toEqual({ ok: false, why: 'uncovered', year: 2027 });
  });

  it('that is left of a paused clock runs out at the earliest instant, and back at the latest', () => {
    expect(workingInstantAfter(CHINA, HOURS, at('2025-09-30 17:00'), HOUR_MS)).toEqual(good('2025-09-30 18:00'));
    expect(workingInstantAfter(CHINA, HOURS, at('2025-09-30 17:00'), 2 * HOUR_MS)).toEqual(good('2025-10-09 09:00'));
    expect(workingInstantAfter(CHINA, HOURS, at('2025-10-03 17:00'), 0)).toEqual(good('2025-10-03 17:00'));
    expect(workingInstantBefore(CHINA, HOURS, at('2025-10-09 09:00'), HOUR_MS)).toEqual(good('2025-10-09 08:00'));
    expect(workingInstantBefore(CHINA, HOURS, at('2025-10-09 09:00'), 2 * HOUR_MS)).toEqual(good('2025-09-30 17:00'));
  });

  it.each([-1, 0.5, Number.NaN])('of %p ms is none', (ms) => {
    for (const move of [workingInstantAfter, workingInstantBefore])
      expect(move(CHINA, HOURS, at('2025-03-04 10:00'), ms)).toEqual({ ok: false, why: 'malformed', what: 'count' });
  });

  it.each(['2025-03-04T10:00:00', '2025-03-04', 'now'])('does not begin at "%s"', (instant) => {
    const none = { ok: false, why: 'malformed', what: 'instant' };
    const right = at('2025-03-04 10:00');
    expect(workingMsBetween(CHINA, HOURS, instant, right)).toEqual(none);
    expect(workingMsBetween(CHINA, HOURS, right, instant)).toEqual(none);
    expect([isOpen, nextOpening].map((ask) => ask(CHINA, HOURS, instant))).toEqual([none, none]);
    expect([deadlineAfter, openingAfter, openingBefore, workingInstantAfter].map((ask) => ask(CHINA, HOURS, instant, 1))).toEqual([
      none,
      none,
      none,
      none,
    ]);
  });
});

describe('office time in any calendar', () => {
  const minute = fc.integer({ min: 0, max: 1439 }).map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
  const instants = fc.tuple(dateOfRandom, minute).map(([date, time]) => at(`${date} ${time}`));
  const spans = fc.integer({ min: 0, max: 200 * HOUR_MS });

  it('moved forth and back comes out as long as it went in', () => {
    let measured = 0;
    fc.assert(
      fc.property(calendars, instants, spans, (document, instant, ms) => {
        const table = compileTable(document);
        for (const [move, sign] of [
          [workingInstantAfter, 1],
          [workingInstantBefore, -1],
        ] as const) {
          const moved = move(table, HOURS, instant, ms);
          if (!moved.ok) continue;
          measured += 1;
          expect(workingMsBetween(table, HOURS, instant, moved.value)).toEqual({ ok: true, value: ms === 0 ? 0 : sign * ms });
        }
      }),
      { numRuns: 300, seed: 88 },
    );
    expect(measured).toBeGreaterThan(300);
  });

  it('adds up through any instant between, and a deadline is never before its start', () => {
    fc.assert(
      fc.property(calendars, instants, instants, instants, fc.nat(20), (document, one, other, third, workingDays) => {
        const table = compileTable(document);
        const [a, b, c] = [one, other, third].sort() as [string, string, string];
        const between = (from: string, to: string): number => valueOf(workingMsBetween(table, HOURS, from, to));
        expect(between(a, b) + between(b, c)).toBe(between(a, c));
        const end = deadlineAfter(table, HOURS, a, workingDays);
        if (end.ok) expect(end.value > a).toBe(true);
        const opening = nextOpening(table, HOURS, a);
        if (opening.ok) expect([isOpen(table, HOURS, opening.value), between(a, opening.value)]).toEqual([{ ok: true, value: true }, 0]);
      }),
      { numRuns: 300, seed: 89 },
    );
  });
});
