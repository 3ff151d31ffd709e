import { DAY_MS, toShanghaiIso } from '@qiyue/engine';
import { z } from 'zod';
import { fileIdOf, namesFile } from './file-fields';
import { hidesNoBreak, hidesNothing, isBare, isDecoded, isOneLine, isPlainText, isVisible } from './plain-text';
import { rule, shaped } from './rule-texts';

/** Marks a field that may tell about a person, for erasure, logs and documentation. */
export const personal = <S extends z.ZodType>(schema: S): S => schema.meta({ personal: true });

/** The same for what a resident writes of themselves: over Kafka it comes sealed unless the settings let anything come in the open. */
export const own = <S extends z.ZodType>(schema: S): S => schema.meta({ personal: true, own: true });

/** The same for how somebody is reached, which the settings may keep off Kafka by itself. */
export const ownContact = <S extends z.ZodType>(schema: S): S => schema.meta({ personal: true, own: true, contact: true });

/**
 * The same for a word of a closed list that is counted later, as a vote is: sealed in one length under a key of the entity that it is given to, which no erasure of a
 * person takes away. Over Kafka it comes sealed, whatever the settings say.
 */
export const secretWord = <S extends z.ZodType>(schema: S): S => schema.meta({ personal: true, own: true, secret: true });

/** Trimmed, in Unicode's normal form NFC, not empty, at most `max` UTF-16 units; any script and emoji, several lines. */
export const text = (max: number) =>
  z
    .string()
    .normalize('NFC')
    .trim()
    .min(1)
    .max(max)
    .refine(isDecoded, rule('decoded'))
    .refine(isPlainText, rule('plain-text'))
    .refine(isVisible, rule('visible'))
    .refine(hidesNothing, rule('hidden'));

/** The same on one line: names, titles, numbers. */
export const line = (max: number) => text(max).refine(isOneLine, rule('one-line')).refine(hidesNoBreak, rule('hidden'));

/** A line that others are compared with: the name of a unit or a community. */
export const name = (max: number) => line(max).refine(isBare, rule('hidden'));

/**
 * An array that types call read-only, as the domain does. Not zod's `.readonly()`: that says `readOnly` in JSON Schema,
 * which means in OpenAPI that a request may not send it.
 */
export const listOf = <S extends z.ZodType>(item: S, { min = 0, max = Infinity } = {}): z.ZodType<readonly z.infer<S>[]> => {
  const list = z.array(item).min(min);
  return max === Infinity ? list : list.max(max);
};

/** Opaque id of an entity or a person. */
export const opaqueId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:@|-]+$/, shaped('opaque-id'));

/** Someone may click it: http and https only, without a user name or password in it; or a file that was attached here. */
export const webAddress = namesFile(
  z
    .string()
    .trim()
    .max(2000)
    .refine((value) => isWebAddress(value), rule('web-address')),
);

const isWebAddress = (value: string): boolean => {
  if (fileIdOf(value) !== null) return true;
  if (!/^https?:\/\/\S+$/i.test(value) || !isPlainText(value) || !isDecoded(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  return url.username === '' && url.password === '';
};

const plainDate = z.iso.date();
const dateTime = z.iso.datetime({ offset: true });

/**
 * `YYYY-MM-DD` (the end of that day in +08:00 is meant) or ISO 8601 with an offset, of the years 2000 to 2199; given on
 * as `2024-07-01T23:59:59.999+08:00`. A day that no calendar has, as 2024-02-30, is refused.
 */
export const dateOrInstant = z
  .string()
  .trim()
  .refine((value) => /^2[01]/.test(value) && (plainDate.safeParse(value).success || dateTime.safeParse(value).success), rule('calendar-date'))
  .overwrite((value) => (plainDate.safeParse(value).success ? `${value}T23:59:59.999+08:00` : toShanghaiIso(Date.parse(value))));

const isDay = (value: string): boolean => /^2[01]/.test(value) && plainDate.safeParse(value).success;

/** `YYYY-MM-DD`, a day of the years 2000 to 2199 that the calendar has; stays as it is. */
export const calendarDay = z.string().trim().refine(isDay, rule('calendar-date'));

const QUANTITY_MAX = 1_000_000_000;
const hasAtMostThreeDecimals = (n: number): boolean => Math.round(n * 1000) / 1000 === n;

/** More than 0, at most 10^9, at most three decimals. */
export const quantity = z.number().positive().max(QUANTITY_MAX).refine(hasAtMostThreeDecimals, rule('decimals'));
const isDayOrInstant = (value: string): boolean => isDay(value) || (/^2[01]/.test(value) && dateTime.safeParse(value).success);

const boundOfSpan = (ofDay: (midnightMs: number) => number) =>
  z
    .string()
    .trim()
    .refine(isDayOrInstant, rule('calendar-date'))
    .overwrite((value) => toShanghaiIso(isDay(value) ? ofDay(Date.parse(`${value}T00:00:00.000+08:00`)) : Date.parse(value)));

/** Where a span of time begins: an instant as `dateOrInstant` takes it, or the 0:00 of a day in Shanghai. */
export const spanStart = boundOfSpan((midnightMs) => midnightMs);
/** Where it ends, which is no part of it: an instant, or the 24:00 of a day, so that a day to the same day is all of it. */
export const spanEnd = boundOfSpan((midnightMs) => midnightMs + DAY_MS);

/** A time as records hold it: always +08:00, always milliseconds. */
export const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+08:00$/, shaped('recorded-time'));
