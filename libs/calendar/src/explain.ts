import { andThen, answer, type Answer } from './answer';
import type { CalendarDocument, NamedDay } from './calendar.document';
import { compileTable } from './calendar.table';
import { dateOfDay, dayOf, isWeekend, weekdayOf } from './dates';
import { addWorkingDays } from './working-days';

export type DayKind = 'working' | 'weekend' | 'holiday' | 'make-up';

export interface DescribedDay {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** 1 Monday … 7 Sunday. */
  readonly weekday: number;
  readonly kind: DayKind;
  /** What the calendar calls it; null for an ordinary day. */
  readonly name: string | null;
  readonly nameEn: string | null;
}

export interface ExplainedDay extends Omit<DescribedDay, 'kind'> {
  readonly kind: DayKind | 'starting-day';
  /** Which working day it is, from 1; null for a day that does not count. */
  readonly count: number | null;
}

export interface Explanation {
  readonly version: string;
  readonly from: string;
  readonly workingDays: number;
  readonly result: string;
  /** Every day from the starting day to the result, in the order of counting. */
  readonly days: readonly ExplainedDay[];
}

/** Tells of any day what it is; of a document that `checkDocument` has accepted. */
const describer = ({ holidays, makeUpDays }: CalendarDocument): ((day: number) => DescribedDay) => {
  const off = new Map(holidays.map((listed) => [listed.date, listed]));
  const on = new Map(makeUpDays.map((listed) => [listed.date, listed]));
  return (day) => {
    const date = dateOfDay(day);
    const [holiday, makeUp] = [off.get(date), on.get(date)];
    const common = { date, weekday: weekdayOf(day), ...namesOf(makeUp ?? holiday) };
    if (makeUp !== undefined) return { ...common, kind: 'make-up' };
    if (holiday !== undefined) return { ...common, kind: 'holiday' };
    return { ...common, kind: isWeekend(day) ? 'weekend' : 'working' };
  };
};

const namesOf = (listed: NamedDay | undefined): Pick<DescribedDay, 'name' | 'nameEn'> => ({
  name: listed?.name ?? null,
  nameEn: listed?.nameEn ?? null,
});

/** Every covered day of a year, or every covered day; empty for a year that is not covered. */
export const describeDays = (document: CalendarDocument, year: number | null = null): readonly DescribedDay[] => {
  const [first, last] = [dayOf(document.covers.from) ?? 0, dayOf(document.covers.to) ?? -1];
  const describe = describer(document);
  return Array.from({ length: last - first + 1 }, (_, index) => describe(first + index)).filter(
    ({ date }) => year === null || Number(date.slice(0, 4)) === year,
  );
};

/** How `addWorkingDays` came to its answer, day by day. */
export const explain = (document: CalendarDocument, from: string, workingDays: number): Answer<Explanation> =>
  andThen(addWorkingDays(compileTable(document), from, workingDays), (result) =>
    answer({ version: document.version, from, workingDays, result, days: daysOfCount(document, from, result, workingDays) }),
  );

const daysOfCount = (document: CalendarDocument, from: string, result: string, workingDays: number): readonly ExplainedDay[] => {
  const [first, last] = [dayOf(from) ?? 0, dayOf(result) ?? 0];
  const describe = describer(document);
  const step = workingDays < 0 ? -1 : 1;
  let counted = 0;
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, index) => {
    const day = describe(first + step * index);
    if (index === 0) return { ...day, kind: 'starting-day', count: null };
    if (day.kind === 'weekend' || day.kind === 'holiday') return { ...day, count: null };
    counted += 1;
    return { ...day, count: counted };
  });
};
