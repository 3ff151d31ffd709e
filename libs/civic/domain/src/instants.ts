import { instantMsOf } from '@qiyue/engine';

/** All of them ISO 8601 with an offset. */
export const isAfter = (a: string, b: string): boolean => instantMsOf(a) > instantMsOf(b);
export const earlierOf = (a: string, b: string): string => (isAfter(a, b) ? b : a);
export const isInstant = (iso: string): boolean => !Number.isNaN(instantMsOf(iso));
