import { toShanghaiIso } from '@qiyue/engine';
import { andThen, answer, malformed, type Answer } from './answer';
import type { CalendarTable } from './calendar.table';
import { dayAt } from './dates';
import { deskAt, seek, type Desk } from './office-desk';
import type { OfficeHours, Span } from './office-hours';

const toIso = (instantMs: number): Answer<string> => answer(toShanghaiIso(instantMs));

/** Whether the office is open: from the minute it opens until just before the minute it closes. */
export const isOpen = (table: CalendarTable, hours: OfficeHours, instant: string): Answer<boolean> =>
  andThen(deskAt(table, hours, instant), ({ instantMs, day, spansOn }) =>
    andThen(spansOn(day), (spans) => answer(spans.some(({ opensMs, closesMs }) => opensMs <= instantMs && instantMs < closesMs))),
  );

/** The first instant, from this one on, at which the office is open; the instant itself when it is open then. */
export const nextOpening = (table: CalendarTable, hours: OfficeHours, instant: string): Answer<string> =>
  andThen(deskAt(table, hours, instant), (desk) => {
    const opening = (spans: readonly Span[]): number | null => {
      const span = spans.find(({ closesMs }) => closesMs > desk.instantMs);
      return span === undefined ? null : Math.max(span.opensMs, desk.instantMs);
    };
    return andThen(seek(desk, 1, opening), toIso);
  });

/** Milliseconds of office time from `from` to `to`; negative when `to` is the earlier. */
export const workingMsBetween = (table: CalendarTable, hours: OfficeHours, from: string, to: string): Answer<number> =>
  andThen(deskAt(table, hours, from), (start) =>
    andThen(deskAt(table, hours, to), (end) =>
      end.instantMs >= start.instantMs ? openMs(start, end.instantMs) : andThen(openMs(end, start.instantMs), (ms) => answer(0 - ms)),
    ),
  );

const openMs = (desk: Desk, untilMs: number): Answer<number> => {
  // The end is not included: the first instant of a year that is not covered may end what is.
  const lastDay = dayAt(Math.max(desk.instantMs, untilMs - 1));
  let sumMs = 0;
  for (let day = desk.day; day <= lastDay; day += 1) {
    const spans = desk.spansOn(day);
    if (!spans.ok) return spans;
    for (const span of spans.value) sumMs += Math.max(0, Math.min(span.closesMs, untilMs) - Math.max(span.opensMs, desk.instantMs));
  }
  return answer(sumMs);
};

const isDuration = (ms: number): boolean => Number.isSafeInteger(ms) && ms >= 0;

/** The earliest instant by which `workingMs` of office time have passed since `instant`: what is left of a paused clock runs out then. */
export const workingInstantAfter = (table: CalendarTable, hours: OfficeHours, instant: string, workingMs: number): Answer<string> =>
  andThen(deskAt(table, hours, instant), (desk) => {
    if (!isDuration(workingMs)) return malformed('count');
    let leftMs = workingMs;
    const use = (spans: readonly Span[]): number | null => {
      if (leftMs === 0) return desk.instantMs;
      for (const { opensMs, closesMs } of spans) {
        const startMs = Math.max(opensMs, desk.instantMs);
        if (startMs + leftMs <= closesMs) return startMs + leftMs;
        leftMs -= Math.max(0, closesMs - startMs);
      }
      return null;
    };
    return andThen(seek(desk, 1, use), toIso);
  });

/** The latest instant from which `workingMs` of office time pass until `instant`. */
export const workingInstantBefore = (table: CalendarTable, hours: OfficeHours, instant: string, workingMs: number): Answer<string> =>
  andThen(deskAt(table, hours, instant), (desk) => {
    if (!isDuration(workingMs)) return malformed('count');
    let leftMs = workingMs;
    const use = (spans: readonly Span[]): number | null => {
      if (leftMs === 0) return desk.instantMs;
      for (const { opensMs, closesMs } of [...spans].reverse()) {
        const endMs = Math.min(closesMs, desk.instantMs);
        if (endMs - leftMs >= opensMs) return endMs - leftMs;
        leftMs -= Math.max(0, endMs - opensMs);
      }
      return null;
    };
    return andThen(seek(desk, -1, use), toIso);
  });
