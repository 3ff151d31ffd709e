import { z } from 'zod';
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

const SEQ_DIGITS = /^\d{1,15}$/;

/** A whole number in text, within bounds. */
export const wholeNumber = (min: number, max: number) => z.string().regex(SEQ_DIGITS).transform(Number).pipe(z.int().min(min).max(max));
