import { z } from 'zod';
import { instantMsOf, toShanghaiIso } from '@qiyue/engine';
import { Problem } from './problem';

/** Reads a query string's parameters; a repeated, unknown or misfitting one is a problem that names it. */
export const readQuery = <S extends z.ZodType>(schema: S, query: unknown): z.infer<S> => {
  const parsed = schema.safeParse({ ...(query as object) });
  if (!parsed.success) throw Problem.invalid(parsed.error);
  return parsed.data;
};

/** ISO 8601 with an offset. A `+` that nobody escaped arrives as a space. */
export const instantText = z
  .string()
  .transform((text) => text.replace(' ', '+'))
  .pipe(z.iso.datetime({ offset: true }));

/** What records can say: four digits of a year, in Shanghai. */
const [FIRST_MS, LAST_MS] = [Date.parse('0000-01-01T00:00:00.000+08:00'), Date.parse('9999-12-31T23:59:59.999+08:00')];

/**
 * An instant as a bound on what records hold, written as they write it. They are compared as text, which is the order of time only between
 * those: an instant before or behind all of them is the first or the last.
 */
export const recordBound = (instant: string): string => toShanghaiIso(Math.min(Math.max(instantMsOf(instant), FIRST_MS), LAST_MS));

const SEQ_DIGITS = /^\d{1,15}$/;

/** A whole number in text, within bounds. */
export const wholeNumber = (min: number, max: number) => z.string().regex(SEQ_DIGITS).transform(Number).pipe(z.int().min(min).max(max));
