import { toShanghaiIso } from '@qiyue/engine';
import { andThen, answer, malformed, type Answer } from './answer';
import type { CalendarTable } from './calendar.table';
import { dateOf, dayOf, midnightOf } from './dates';
import { spansOf, type OfficeHours } from './office-hours';
import { addWorkingDays } from './working-days';
import { nextOpening } from './working-time';

/** First opening or last closing of the office on a working day. */
const edgeOn = (hours: OfficeHours, date: string, edge: 'opening' | 'closing'): Answer<string> => {
  const [spans, day] = [spansOf(hours), dayOf(date)];
  const span = edge === 'opening' ? spans?.[0] : spans?.at(-1);
  if (span === undefined) return malformed('office-hours');
  if (day === null) return malformed('date');
  return answer(toShanghaiIso(midnightOf(day) + (edge === 'opening' ? span.opensMs : span.closesMs)));
};

/**
 * Close of business on the `workingDays`-th working day after the day of `instant`. Zero is the same day: the day on which the
 * office is next open, so that a deadline never lies before what started it.
 */
export const deadlineAfter = (table: CalendarTable, hours: OfficeHours, instant: string, workingDays: number): Answer<string> => {
  if (!Number.isSafeInteger(workingDays) || workingDays < 0) return malformed('count');
  const start = workingDays === 0 ? nextOpening(table, hours, instant) : answer(instant);
  return andThen(start, (from) =>
    andThen(dateOf(from), (date) => andThen(addWorkingDays(table, date, workingDays), (last) => edgeOn(hours, last, 'closing'))),
  );
};

/** Close of business on a promised `date`, or on the next working day when it is none (Civil Code Art. 203). */
export const closingOn = (table: CalendarTable, hours: OfficeHours, date: string): Answer<string> =>
  andThen(addWorkingDays(table, date, 0), (last) => edgeOn(hours, last, 'closing'));

const openingAt = (table: CalendarTable, hours: OfficeHours, instant: string, workingDays: number): Answer<string> =>
  andThen(dateOf(instant), (date) => andThen(addWorkingDays(table, date, workingDays), (day) => edgeOn(hours, day, 'opening')));

const isStep = (workingDays: number): boolean => Number.isSafeInteger(workingDays) && workingDays > 0;

/** When the office opens on the `workingDays`-th (1, 2, …) working day after the day of `instant`: the next day's 催办. */
export const openingAfter = (table: CalendarTable, hours: OfficeHours, instant: string, workingDays: number): Answer<string> =>
  isStep(workingDays) ? openingAt(table, hours, instant, workingDays) : malformed('count');

/** When the office opens on the `workingDays`-th (1, 2, …) working day before the day of `instant`: the reminder. */
export const openingBefore = (table: CalendarTable, hours: OfficeHours, instant: string, workingDays: number): Answer<string> =>
  isStep(workingDays) ? openingAt(table, hours, instant, -workingDays) : malformed('count');
