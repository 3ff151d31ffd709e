import { mayUse, type GuardedRoute } from '@qiyue/edge';
import type { Actor } from '@qiyue/engine';
import type { z } from 'zod';
import { Problem } from './problem';

/** Throws `not-permitted` for an actor whose role is not in the route's row. */
export const permit = ({ role }: Actor, route: GuardedRoute): void => {
  if (!mayUse(route, role)) throw Problem.refused({ code: 'not-permitted' });
};

/** Throws `second-person` unless a person other than the one who asked for it says so: no service's key, which the first may have made. */
export const permitAsSecond = ({ id }: Actor, requestedBy: string): void => {
  if (id === requestedBy || id.startsWith(KEY_ACTORS)) throw Problem.edge('second-person');
};
const KEY_ACTORS = 'key:';

/** A body that fits, or a problem that says what does not. */
export const readBody = <S extends z.ZodType>(schema: S, body: unknown): z.infer<S> => {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw Problem.invalid(parsed.error);
  return parsed.data;
};
