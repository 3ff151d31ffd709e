import { z } from 'zod';
import { Problem } from '../http/problem';

/** 1 to 200 printable ASCII characters without spaces; `timer:` is how the engine names its own commands. */
export const idempotencyKey = z.string().regex(/^(?!timer:)[\x21-\x7e]{1,200}$/);

const header = z.strictObject({ 'Idempotency-Key': idempotencyKey });

/** The client's key, or null when it left the choice to us. */
export const readIdempotencyKey = (value: unknown): string | null => {
  if (value === undefined) return null;
  const parsed = header.safeParse({ 'Idempotency-Key': value });
  if (!parsed.success) throw Problem.invalid(parsed.error);
  return parsed.data['Idempotency-Key'];
};
