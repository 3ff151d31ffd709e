import type { CalendarDocument } from './calendar.document';
import { dateOfDay, dayOf, isWeekend } from './dates';

/** The calendar as `decide` gets it: one bit a day, plain JSON, about 260 bytes for three years. */
export interface CalendarTable {
  readonly version: string;
  /** `YYYY-MM-DD`, the first covered day. */
  readonly from: string;
  /** How many days are covered. */
  readonly days: number;
  /** A bit a day, 1 for working; six days to a character of base64url, the first day highest; ends with zeros. */
  readonly working: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BITS = 6;

export const COVERED_YEARS_MAX = 10;
const DAYS_MAX = COVERED_YEARS_MAX * 366;

/** Of the document's version, so a table can always be traced to what people read. The document is one that `checkDocument` has accepted. */
export const compileTable = ({ version, covers, holidays, makeUpDays }: CalendarDocument): CalendarTable => {
  const first = dayOf(covers.from) ?? 0;
  const days = (dayOf(covers.to) ?? first - 1) - first + 1;
  const off = new Set(holidays.map(({ date }) => date));
  const on = new Set(makeUpDays.map(({ date }) => date));
  const isWorking = (day: number): boolean => (isWeekend(day) ? on.has(dateOfDay(day)) : !off.has(dateOfDay(day)));
  return { version, from: covers.from, days, working: packBits(days, (index) => isWorking(first + index)) };
};

const packBits = (count: number, isSet: (index: number) => boolean): string => {
  let text = '';
  for (let start = 0; start < count; start += BITS) {
    let value = 0;
    for (let index = start; index < start + BITS; index += 1) value = value * 2 + (index < count && isSet(index) ? 1 : 0);
    text += ALPHABET.charAt(value);
  }
  return text;
};

const isBitSet = (text: string, index: number): boolean => {
  const value = ALPHABET.indexOf(text.charAt(Math.floor(index / BITS)));
  return ((value >> (BITS - 1 - (index % BITS))) & 1) === 1;
};

/** A table that came from outside, or null for anything that is not exactly one. */
export const parseTable = (value: unknown): CalendarTable | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { version, from, days, working } = value as Readonly<Record<string, unknown>>;
  if (typeof version !== 'string' || version === '' || typeof from !== 'string' || dayOf(from) === null) return null;
  if (typeof days !== 'number' || !Number.isSafeInteger(days) || days < 1 || days > DAYS_MAX) return null;
  return typeof working === 'string' && holdsBits(working, days) ? { version, from, days, working } : null;
};

const holdsBits = (text: string, count: number): boolean => {
  const length = Math.ceil(count / BITS);
  if (text.length !== length || [...text].some((char) => !ALPHABET.includes(char))) return false;
  for (let index = count; index < length * BITS; index += 1) if (isBitSet(text, index)) return false;
  return true;
};

/** A table opened for reading: day numbers in, null where it says nothing. */
export interface TableView {
  readonly firstDay: number;
  readonly lastDay: number;
  readonly isWorking: (day: number) => boolean | null;
}

export const viewOf = ({ from, days, working }: CalendarTable): TableView => {
  const firstDay = dayOf(from) ?? 0;
  const isWorking = (day: number): boolean | null => (day < firstDay || day >= firstDay + days ? null : isBitSet(working, day - firstDay));
  return { firstDay, lastDay: firstDay + days - 1, isWorking };
};
