import { z } from 'zod';
import { shaped } from './rule-texts';

/**
 * What our own processes call their commands: timers, system processes, sagas, re-timing, journals, and the two halves of a merge. Nobody
 * from outside may take such an id, or it would be answered with somebody else's outcome.
 */
const INTERNAL = String.raw`(?:timer|system|saga|retime|journal):|.*:(?:adopt|unadopt)$`;

const ours = new RegExp(`^(?:${INTERNAL})`);
/** A command of our own processes: it may be accepted and change nothing. */
export const isOurCommandId = (id: string): boolean => ours.test(id);

/** `.` and `..` vanish out of every address, so what became of them could never be asked for. */
const UNASKABLE = String.raw`\.{1,2}$`;

/**
 * A command's id: what the client chose (`Idempotency-Key`, CloudEvents `id`), 1 to 200 printable ASCII characters without spaces, over every
 * channel the same. Each that is taken can be asked for at `/v1/commands/{id}`, percent-encoded.
 */
export const commandId = z
  .string()
  .min(1)
  .max(200)
  .regex(new RegExp(`^(?!${INTERNAL}|${UNASKABLE})[\\x21-\\x7e]+$`), shaped('command-id'));
