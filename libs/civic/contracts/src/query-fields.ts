import { DAY_MS, instantMsOf, toShanghaiIso } from '@qiyue/engine';
import { z } from 'zod';
import { rule, type Rule } from './rule-texts';

/** At most so many entries on a page. */
export const PAGE_MAX = 100;
const PAGE = 20;

const DIGITS = /^\d{1,15}$/;

/** A whole number in text, within bounds. Documents say what is meant, not the text: so does `yesOrNo`. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine((text) => DIGITS.test(text) && Number(text) >= min && Number(text) <= max, rule('whole-number', { min, max }))
    .transform(Number)
    .meta({ type: 'integer', minimum: min, maximum: max });

export const yesOrNo = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .meta({ type: 'boolean' });

/** Words of a query, in the form in which texts are stored. */
export const words = z.string().normalize('NFC').trim().min(1).max(200);

/** The last entry of a page: the next one begins behind it, whatever has been added in front meanwhile. `at`: what the list is ordered by. */
export interface PageCursor {
  readonly at: string;
  readonly id: string;
}

const content = z.tuple([z.string().min(1).max(40), z.string().min(1).max(2_000)]);
const CURSOR_MAX = 4_000;

export const encodeCursor = ({ at, id }: PageCursor): string => Buffer.from(JSON.stringify([at, id])).toString('base64url');

const decode = (text: string): PageCursor | null => {
  try {
    const [at, id] = content.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { at, id };
  } catch {
    return null;
  }
};

/** A query's `cursor`, read back; text that no page has given does not fit. */
export const pageCursor = z
  .string()
  .max(CURSOR_MAX)
  .transform((text, context): PageCursor => {
    const decoded = decode(text);
    if (decoded !== null) return decoded;
    context.issues.push({ code: 'custom', message: 'cursor' satisfies Rule, input: text });
    return z.NEVER;
  });

/** Which page: every list takes these. */
export const page = { limit: wholeNumber(1, PAGE_MAX).default(PAGE), cursor: pageCursor.optional() };

/** What was found, one more than `limit`, as a page. */
export const pageOf = <D, T>(found: readonly D[], limit: number, keyOf: (document: D) => PageCursor, show: (document: D) => T) => {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(show), nextCursor: last === undefined ? null : encodeCursor(keyOf(last)) };
};

/** A `+` that nobody escaped arrives as a space. */
const plus = (text: string): string => text.replace(' ', '+');

/** ISO 8601 with an offset. */
export const instantText = z
  .string()
  .transform(plus)
  .pipe(z.iso.datetime({ offset: true }));

/** What records can say: four digits of a year, in Shanghai. */
const [FIRST_MS, LAST_MS] = [Date.parse('0000-01-01T00:00:00.000+08:00'), Date.parse('9999-12-31T23:59:59.999+08:00')];

/**
 * An instant as a bound on what records hold, written as they write it. They are compared as text, which is the order of time only between
 * those: an instant before or behind all of them is the first or the last.
 */
export const recordBound = (instant: string): string => toShanghaiIso(Math.min(Math.max(instantMsOf(instant), FIRST_MS), LAST_MS));

const plainDate = z.iso.date();
const dateTime = z.iso.datetime({ offset: true });
const isDay = (text: string): boolean => plainDate.safeParse(text).success;
const midnight = (day: string): number => Date.parse(`${day}T00:00:00.000+08:00`);

const dayOrInstant = z
  .string()
  .transform(plus)
  .refine((text) => /^2[01]/.test(text) && (isDay(text) || dateTime.safeParse(text).success), rule('calendar-date'));

/** The beginning of a day in Shanghai, or an instant; as records write it. */
export const fromDay = dayOrInstant.transform((text) => toShanghaiIso(isDay(text) ? midnight(text) : Date.parse(text)));
/** The end of a day in Shanghai, or an instant: what is before it. */
export const toDay = dayOrInstant.transform((text) => toShanghaiIso(isDay(text) ? midnight(text) + DAY_MS : Date.parse(text)));

/** False when the range ends before it begins: such a question is a mistake, not an empty answer. */
export const isInOrder = (range: { readonly from?: string | undefined; readonly to?: string | undefined }): boolean =>
  range.from === undefined || range.to === undefined || range.from < range.to;

/** What a query whose range is not so is told, at its `to`. */
export const rangeOrder = { ...rule('range-order'), path: ['to'] };
