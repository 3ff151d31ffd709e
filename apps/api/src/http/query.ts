import type { z } from 'zod';
import { Problem } from './problem';

/** Reads a query string's parameters; a repeated, unknown or misfitting one is a problem that names it. */
export const readQuery = <S extends z.ZodType>(schema: S, query: unknown): z.infer<S> => {
  const parsed = schema.safeParse({ ...(query as object) });
  if (!parsed.success) throw Problem.invalid(parsed.error);
  return parsed.data;
};

export { instantText, recordBound, wholeNumber } from '@qiyue/civic-contracts';
