import { commandId } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { Problem } from '../http/problem';

/** The same ids as over every other channel. */
const header = z.strictObject({ 'Idempotency-Key': commandId });

/** The client's key, or null when it left the choice to us. */
export const readIdempotencyKey = (value: unknown): string | null => {
  if (value === undefined) return null;
  const parsed = header.safeParse({ 'Idempotency-Key': value });
  if (!parsed.success) throw Problem.invalid(parsed.error);
  return parsed.data['Idempotency-Key'];
};
