import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import opinion from '../test-data/chinesecalendar.json';
import { CHINA_2024_2026, addWorkingDays, checkDocument, isWorkingDay } from './index';
import { CHINA, valueOf } from './testing/calendars';
import {
  ALL_DATES,
  FESTIVALS,
  daysOff,
  daysWorked,
  deadlinesBy,
  isMondayToFriday,
  isNoHolidayWeekday,
  isWorked,
  statedDays,
  weekdayWord,
} from './testing/notices';

const COUNTS = [1, 3, 5, 13, 15];
const ours = (date: string, workingDays: number): string | undefined => {
  const given = addWorkingDays(CHINA, date, workingDays);
  if (given.ok) return given.value;
  expect(given).toEqual({ ok: false, why: 'uncovered', year: 2027 });
  return undefined;
};
const isWorkedByUs = (date: string): boolean => valueOf(isWorkingDay(CHINA, date));

describe('the notices as they were written down', () => {
  it('agree with themselves: stated weekdays are real, stated totals are the days between', () => {
    const stated = FESTIVALS.flatMap(statedDays).filter(({ stated }) => stated !== undefined);
    expect(stated.length).toBe(44);
    expect(stated.filter(({ date, stated: word }) => weekdayWord(date) !== word)).toEqual([]);
    expect(FESTIVALS.filter((festival) => festival.days !== undefined && festival.days !== daysOff(festival).length)).toEqual([]);
  });
});

describe('the built-in calendar', () => {
  it('works on the days that the notices say, on every day of 2024, 2025 and 2026', () => {
    expect(ALL_DATES.length).toBe(1096);
    expect(ALL_DATES.filter(isWorkedByUs)).toEqual(ALL_DATES.filter(isWorked));
  });

  it('names every day off and every make-up day by its festival', () => {
    const listed = [...CHINA_2024_2026.holidays, ...CHINA_2024_2026.makeUpDays];
    const festivalOf = new Map(FESTIVALS.flatMap((one) => [...daysOff(one), ...daysWorked(one)].map((date) => [date, one.name])));
    expect(listed.map(({ date }) => date).sort()).toEqual([...festivalOf.keys()].sort());
    expect(listed.filter(({ date, name }) => !festivalOf.get(date)?.split('、').includes(name.replace('调休', '')))).toEqual([]);
  });

  it('sets the deadlines of 1, 3, 5, 13 and 15 working days that the notices give, from every day', () => {
    const theirs = deadlinesBy(isWorked);
    const compared = ALL_DATES.flatMap((date) => COUNTS.map((count) => ({ date, count, ours: ours(date, count), theirs: theirs(date, count) })));
    expect(compared.length).toBe(5480);
    expect(compared.filter((row) => row.ours !== row.theirs)).toEqual([]);
    expect(compared.filter((row) => row.ours === undefined).length).toBeLessThan(100);
  });

  it('sets the deadlines that another package in another language has counted', () => {
    expect(ALL_DATES.filter((date) => isMondayToFriday(date) && !isWorkedByUs(date))).toEqual(opinion.weekdaysOff);
    expect(ALL_DATES.filter((date) => !isMondayToFriday(date) && isWorkedByUs(date))).toEqual(opinion.weekendsWorked);
    const { counts, lines, sha256 } = opinion.deadlines;
    const text = ALL_DATES.flatMap((date) => counts.map((count) => `${date} ${count} ${ours(date, count) ?? '-'}\n`));
    expect([text.length, createHash('sha256').update(text.join('')).digest('hex')]).toEqual([lines, sha256]);
  });

  it('says that it does not know 2023 and 2027', () => {
    for (const [date, year] of [
      ['2023-12-31', 2023],
      ['2027-01-01', 2027],
    ] as const) {
      expect(isWorkingDay(CHINA, date)).toEqual({ ok: false, why: 'uncovered', year });
      expect(addWorkingDays(CHINA, date, 1)).toEqual({ ok: false, why: 'uncovered', year });
    }
  });

  it('has no mistake, and is what its script makes', () => {
    expect(checkDocument(JSON.parse(JSON.stringify(CHINA_2024_2026)))).toEqual({ ok: true, value: CHINA_2024_2026 });
    const script = join(__dirname, '../../../infra/calendar/make-document.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('simpler rules, for 1, 3, 5, 13 and 15 days from every weekday of 2024 and 2025 that is no holiday', () => {
  const starts = ALL_DATES.filter((date) => date < '2026' && isNoHolidayWeekday(date));
  const right = deadlinesBy(isWorked);
  const daysWrong = (rule: (date: string) => boolean): readonly number[] => {
    const byRule = deadlinesBy(rule);
    const gapsMs = starts.flatMap((date) => COUNTS.map((count) => Date.parse(byRule(date, count) ?? '') - Date.parse(right(date, count) ?? '')));
    expect(gapsMs.length).toBe(2430);
    return gapsMs.map((ms) => Math.abs(ms) / 86_400_000).filter((days) => days !== 0);
  };

  it('Monday to Friday gets 584 of 2,430 wrong (24 %), by up to 8 days', () => {
    const wrong = daysWrong(isMondayToFriday);
    expect([wrong.length, Math.max(...wrong)]).toEqual([584, 8]);
  });

  it('holidays without make-up days get 414 of 2,430 wrong (17 %), by up to 10 days', () => {
    const wrong = daysWrong(isNoHolidayWeekday);
    expect([wrong.length, Math.max(...wrong)]).toEqual([414, 10]);
  });

  it('this calendar gets none of them wrong', () => {
    expect(starts.filter((date) => COUNTS.some((count) => ours(date, count) !== right(date, count)))).toEqual([]);
  });
});
