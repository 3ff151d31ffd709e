import { DAY_MS, toShanghaiIso } from '@qiyue/engine';
import { z } from 'zod';

const plainDate = z.iso.date();
const dateTime = z.iso.datetime({ offset: true });
/** A `+` that nobody escaped arrives as a space. */
const plus = (text: string): string => text.replace(' ', '+');
const isDay = (text: string): boolean => plainDate.safeParse(text).success;
const midnight = (day: string): number => Date.parse(`${day}T00:00:00.000+08:00`);

const dayOrInstant = z
  .string()
  .transform(plus)
  .refine((text) => /^2[01]/.test(text) && (isDay(text) || dateTime.safeParse(text).success));

/** The beginning of a day in Shanghai, or an instant; as records write it. */
export const from = dayOrInstant.transform((text) => toShanghaiIso(isDay(text) ? midnight(text) : Date.parse(text)));
/** The end of a day in Shanghai, or an instant: what is due before it. */
export const to = dayOrInstant.transform((text) => toShanghaiIso(isDay(text) ? midnight(text) + DAY_MS : Date.parse(text)));

/** False when the range ends before it begins: such a question is a mistake, not an empty answer. */
export const isInOrder = (range: { readonly from?: string | undefined; readonly to?: string | undefined }): boolean =>
  range.from === undefined || range.to === undefined || range.from < range.to;

/** MongoDB's condition on an instant as records write it; empty when nothing was asked. */
export const between = (range: { readonly from?: string | undefined; readonly to?: string | undefined }): object => ({
  ...(range.from === undefined ? {} : { $gte: range.from }),
  ...(range.to === undefined ? {} : { $lt: range.to }),
});
