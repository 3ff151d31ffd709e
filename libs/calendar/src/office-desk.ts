import { answer, malformed, uncovered, type Answer } from './answer';
import { viewOf, type CalendarTable } from './calendar.table';
import { dayAt, instantOf, midnightOf, yearOfDay } from './dates';
import { spansOf, type OfficeHours, type Span } from './office-hours';

/** When the office is open, around one instant. */
export interface Desk {
  readonly instantMs: number;
  /** The Shanghai day of the instant. */
  readonly day: number;
  /** The open spans of a day as instants, none on a day that is not worked. */
  readonly spansOn: (day: number) => Answer<readonly Span[]>;
}

export const deskAt = (table: CalendarTable, hours: OfficeHours, instant: string): Answer<Desk> => {
  const instantMs = instantOf(instant);
  if (instantMs === null) return malformed('instant');
  const spans = spansOf(hours);
  if (spans === null) return malformed('office-hours');
  const view = viewOf(table);
  const spansOn = (day: number): Answer<readonly Span[]> => {
    const working = view.isWorking(day);
    return working === null ? uncovered(yearOfDay(day)) : answer(working ? shifted(spans, midnightOf(day)) : []);
  };
  return answer({ instantMs, day: dayAt(instantMs), spansOn });
};

const shifted = (spans: readonly Span[], byMs: number): readonly Span[] =>
  spans.map(({ opensMs, closesMs }) => ({ opensMs: opensMs + byMs, closesMs: closesMs + byMs }));

/** Goes from day to day until `find` has an instant (ms) or the coverage ends. */
export const seek = (desk: Desk, step: 1 | -1, find: (spans: readonly Span[]) => number | null): Answer<number> => {
  for (let day = desk.day; ; day += step) {
    const spans = desk.spansOn(day);
    if (!spans.ok) return spans;
    const found = find(spans.value);
    if (found !== null) return answer(found);
  }
};
