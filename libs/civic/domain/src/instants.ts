import { DAY_MS, instantMsOf, plusMs, toShanghaiIso } from '@qiyue/engine';

/** All of them ISO 8601 with an offset. */
export const isAfter = (a: string, b: string): boolean => instantMsOf(a) > instantMsOf(b);
export const earlierOf = (a: string, b: string): string => (isAfter(a, b) ? b : a);
/** The calendar year of Shanghai in which an instant lies. */
export const yearOf = (iso: string): number => Number(toShanghaiIso(instantMsOf(iso)).slice(0, 4));
export const isInstant = (iso: string): boolean => !Number.isNaN(instantMsOf(iso));

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const midnightOf = (day: string): string => `${day}T00:00:00.000+08:00`;
/** A day that the calendar has, as `2024-07-01`. */
export const isDay = (day: string): boolean => DAY.test(day) && isInstant(midnightOf(day)) && plusMs(midnightOf(day), 0).startsWith(day);
/** A day's 24:00 in Shanghai. */
export const midnightAfterDay = (day: string): string => plusMs(midnightOf(day), DAY_MS);
