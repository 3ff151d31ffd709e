import type { Role } from '@qiyue/adapters';
import type { Actor } from '@qiyue/engine';
import type { z } from 'zod';
import { Problem } from './problem';

/** Throws `not-permitted` for an actor of another role. */
export const permit = ({ role }: Actor, ...roles: readonly Role[]): void => {
  if (!roles.some((permitted) => permitted === role)) throw Problem.refused({ code: 'not-permitted' });
};

/** A body that fits, or a problem that says what does not. */
export const readBody = <S extends z.ZodType>(schema: S, body: unknown): z.infer<S> => {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw Problem.invalid(parsed.error);
  return parsed.data;
};
