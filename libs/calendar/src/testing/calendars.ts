import fc from 'fast-check';
import { CHINA_2024_2026, checkDocument, compileTable, type Answer, type CalendarDocument } from '../index';
import { datesFrom, weekdayWord } from './notices';

export const CHINA = compileTable(CHINA_2024_2026);

/** The value of an answer that must be good. */
export const valueOf = <T>(given: Answer<T>): T => {
  if (!given.ok) throw new Error(`no answer: ${JSON.stringify(given)}`);
  return given.value;
};

const DATES = datesFrom('2031-01-01', '2032-12-31');
const name = '某日';

/** Calendars that no notice has made: any days off, any weekend worked, but always some day worked and some holiday in each year. */
export const calendars: fc.Arbitrary<CalendarDocument> = fc
  .record({ off: fc.subarray(DATES.slice(2), { maxLength: 400 }), on: fc.subarray(DATES.filter((date) => '六日'.includes(weekdayWord(date)))) })
  .map(({ off, on }) => {
    const holidays = [...new Set([...off, '2031-01-01', '2032-01-01'])].filter(
      (date) => date === '2031-01-01' || date === '2032-01-01' || !on.includes(date),
    );
    const listed = new Set(holidays);
    const checked = checkDocument({
      version: 'random.1',
      name: 'random',
      covers: { from: '2031-01-01', to: '2032-12-31' },
      holidays: holidays.map((date) => ({ date, name })),
      makeUpDays: on.filter((date) => !listed.has(date)).map((date) => ({ date, name })),
      sources: [],
    });
    if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes.slice(0, 3)));
    return checked.value;
  });

export const dateOfRandom: fc.Arbitrary<string> = fc.constantFrom(...DATES);
