import { andThen, answer, malformed, uncovered, type Answer } from './answer';
import { viewOf, type CalendarTable, type TableView } from './calendar.table';
import { dateOfDay, dayOf, yearOfDay } from './dates';

const coveredDay = (view: TableView, date: string): Answer<number> => {
  const day = dayOf(date);
  if (day === null) return malformed('date');
  return view.isWorking(day) === null ? uncovered(yearOfDay(day)) : answer(day);
};

export const isWorkingDay = (table: CalendarTable, date: string): Answer<boolean> => {
  const view = viewOf(table);
  return andThen(coveredDay(view, date), (day) => answer(view.isWorking(day) === true));
};

/**
 * The `workingDays`-th working day after `date`, or before it when negative; the starting day is not counted (Civil Code
 * Art. 201). Zero is the day itself, or the next working day when it is none (Art. 203).
 */
export const addWorkingDays = (table: CalendarTable, date: string, workingDays: number): Answer<string> => {
  if (!Number.isSafeInteger(workingDays)) return malformed('count');
  const view = viewOf(table);
  const step = workingDays < 0 ? -1 : 1;
  return andThen(coveredDay(view, date), (day) => nthWorkingDay(view, workingDays === 0 ? day : day + step, step, Math.abs(workingDays) || 1));
};

/** The nth working day from `day` on, `day` included. */
const nthWorkingDay = (view: TableView, day: number, step: 1 | -1, nth: number): Answer<string> => {
  for (let [at, left] = [day, nth]; ; at += step) {
    const working = view.isWorking(at);
    if (working === null) return uncovered(yearOfDay(at));
    if (working) left -= 1;
    if (left === 0) return answer(dateOfDay(at));
  }
};

/**
 * Working days after `from` up to and including `to`; negative when `to` is the earlier: from `to` up to the day before `from`.
 * So `addWorkingDays(from, n)` is n days away, but for n = 0 from a day that is not worked.
 */
export const workingDaysBetween = (table: CalendarTable, from: string, to: string): Answer<number> => {
  const view = viewOf(table);
  return andThen(coveredDay(view, from), (start) =>
    andThen(coveredDay(view, to), (end) => answer(end >= start ? workedIn(view, start + 1, end) : 0 - workedIn(view, end, start - 1))),
  );
};

const workedIn = (view: TableView, first: number, last: number): number => {
  let count = 0;
  for (let day = first; day <= last; day += 1) if (view.isWorking(day) === true) count += 1;
  return count;
};

export interface CoverageEnd {
  /** True when an operator should be told: the coverage ends within the days asked for, or has ended. */
  readonly within: boolean;
  /** `YYYY-MM-DD`, the last covered day. */
  readonly lastDate: string;
  /** Calendar days from the date asked about to `lastDate`; negative when it has passed. */
  readonly daysLeft: number;
}

/** Whether the table ends within `days` calendar days of `nowDate`. The one question that a date outside the coverage may ask. */
export const coverageEndsWithin = (table: CalendarTable, nowDate: string, days: number): Answer<CoverageEnd> => {
  const now = dayOf(nowDate);
  if (now === null) return malformed('date');
  if (!Number.isSafeInteger(days) || days < 0) return malformed('count');
  const { lastDay } = viewOf(table);
  return answer({ within: lastDay - now <= days, lastDate: dateOfDay(lastDay), daysLeft: lastDay - now });
};
