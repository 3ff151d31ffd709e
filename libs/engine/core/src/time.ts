/** Shanghai has had one offset since 1991 and the law's deadlines know no other: fixed, so that no tz database decides. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** Instant in ms → `2024-07-01T08:00:00.000+08:00`. Always the same length, so text order is time order. */
export const toShanghaiIso = (instantMs: number): string => `${new Date(instantMs + SHANGHAI_OFFSET_MS).toISOString().slice(0, -1)}+08:00`;

/** ISO 8601 with offset → instant in ms; NaN when it is none. */
export const instantMsOf = (iso: string): number => Date.parse(iso);

/** The later of two ISO 8601 times. */
export const laterOf = (a: string, b: string): string => (instantMsOf(a) >= instantMsOf(b) ? a : b);

/** An hour, ms. */
export const HOUR_MS = 3_600_000;
/** A day of 24 hours, ms. */
export const DAY_MS = 24 * HOUR_MS;

/** `iso` plus a number of ms, in Shanghai's offset. */
export const plusMs = (iso: string, ms: number): string => toShanghaiIso(instantMsOf(iso) + ms);
