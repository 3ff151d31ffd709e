import notices from '../../test-data/notices.json';

/**
 * The notices of the State Council, read by people and written down by hand, and a way of counting of its own: nothing here
 * uses the package that is tested, or the one that its data comes from.
 */
interface Festival {
  readonly year: number;
  readonly name: string;
  /** First and last day off, or the only one; `MM-DD`, and the weekday where the notice states it. */
  readonly off: readonly string[];
  /** How many days off, where the notice states it. */
  readonly days?: number;
  readonly worked: readonly string[];
}

export const FESTIVALS: readonly Festival[] = notices.flatMap(({ year, festivals }) => festivals.map((festival) => ({ year, ...festival })));

const WEEKDAYS = '日一二三四五六';
const utc = (date: string): Date => new Date(`${date}T00:00:00Z`);
export const weekdayWord = (date: string): string => WEEKDAYS.charAt(utc(date).getUTCDay());

/** Every date from one to another, both included. */
export const datesFrom = (first: string, last: string): readonly string[] => {
  const dates: string[] = [];
  for (const at = utc(first); at <= utc(last); at.setUTCDate(at.getUTCDate() + 1)) dates.push(at.toISOString().slice(0, 10));
  return dates;
};

/** `MM-DD 六` of a notice → the date, and the weekday that it states. */
export const statedDays = ({ year, off, worked }: Festival): readonly { readonly date: string; readonly stated: string | undefined }[] =>
  [...off, ...worked].map((text) => ({ date: `${year}-${text.slice(0, 5)}`, stated: text.split(' ')[1] }));

export const daysOff = ({ year, off }: Festival): readonly string[] =>
  datesFrom(`${year}-${(off[0] ?? '').slice(0, 5)}`, `${year}-${(off.at(-1) ?? '').slice(0, 5)}`);

export const daysWorked = ({ year, worked }: Festival): readonly string[] => worked.map((text) => `${year}-${text.slice(0, 5)}`);

export const ALL_DATES = datesFrom('2024-01-01', '2026-12-31');
const off = new Set(FESTIVALS.flatMap(daysOff));
const worked = new Set(FESTIVALS.flatMap(daysWorked));
const isWeekendDate = (date: string): boolean => '六日'.includes(weekdayWord(date));

export const isWorked = (date: string): boolean => worked.has(date) || (!off.has(date) && !isWeekendDate(date));
export const isMondayToFriday = (date: string): boolean => !isWeekendDate(date);
export const isNoHolidayWeekday = (date: string): boolean => !isWeekendDate(date) && !off.has(date);

/** Deadlines by a rule: the nth of its days after a date, looked up in the list of them all; undefined after the last. */
export const deadlinesBy = (rule: (date: string) => boolean): ((date: string, workingDays: number) => string | undefined) => {
  const days = ALL_DATES.filter(rule);
  let passed = 0;
  const upTo = new Map(ALL_DATES.map((date) => [date, rule(date) ? (passed += 1) : passed]));
  return (date, workingDays) => days[(upTo.get(date) ?? Number.NaN) + workingDays - 1];
};
