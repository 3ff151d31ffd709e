import { instantMsOf, toShanghaiIso } from '@qiyue/engine';

/** All of them ISO 8601 with an offset. */
export const isAfter = (a: string, b: string): boolean => instantMsOf(a) > instantMsOf(b);
export const earlierOf = (a: string, b: string): string => (isAfter(a, b) ? b : a);
/** The calendar year of Shanghai in which an instant lies. */
export const yearOf = (iso: string): number => Number(toShanghaiIso(instantMsOf(iso)).slice(0, 4));
export const isInstant = (iso: string): boolean => !Number.isNaN(instantMsOf(iso));
