import { DAY_MS, instantMsOf, toShanghaiIso } from '@qiyue/engine';
import { answer, malformed, type Answer } from './answer';

const DATE = /^\d{4}-\d\d-\d\d$/;
/** The offset is required: without one, `Date.parse` would ask the machine where it stands. */
const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** `YYYY-MM-DD` → whole days since 1970-01-01; null for anything but a day that exists. */
export const dayOf = (date: string): number | null => {
  if (!DATE.test(date)) return null;
  const ms = instantMsOf(`${date}T00:00:00Z`);
  // 30 February parses, as a day of March.
  return Number.isNaN(ms) || dateOfDay(ms / DAY_MS) !== date ? null : ms / DAY_MS;
};

export const dateOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
export const yearOfDay = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();

/** 1 Monday … 7 Sunday, as in ISO 8601. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;
export const isWeekend = (day: number): boolean => weekdayOf(day) > 5;

/** ISO 8601 with an offset → ms; null for anything else, also where the Shanghai date would have no four-digit year. */
export const instantOf = (iso: string): number | null => {
  const date = INSTANT.exec(iso)?.[1];
  if (date === undefined || dayOf(date) === null) return null;
  const ms = instantMsOf(iso);
  return Number.isNaN(ms) || !DATE.test(shanghaiDate(ms)) ? null : ms;
};

const shanghaiDate = (instantMs: number): string => toShanghaiIso(instantMs).slice(0, 10);

/** The day in Shanghai of an instant that `instantOf` has given. */
export const dayAt = (instantMs: number): number => instantMsOf(`${shanghaiDate(instantMs)}T00:00:00Z`) / DAY_MS;

/** The instant, in ms, at which a day begins in Shanghai. */
export const midnightOf = (day: number): number => instantMsOf(`${dateOfDay(day)}T00:00:00+08:00`);

/** The Shanghai date of an instant (ISO 8601 with an offset): 17:00 in London on the 1st is the 2nd. */
export const dateOf = (instant: string): Answer<string> => {
  const ms = instantOf(instant);
  return ms === null ? malformed('instant') : answer(shanghaiDate(ms));
};
