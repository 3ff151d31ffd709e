import type { CommandEnvelope } from '@qiyue/engine';

/**
 * The largest event that is taken, in bytes of its CloudEvent: well below the 1,048,588 that a broker takes as one batch, so that
 * whatever is acknowledged can be published. The topics' own limit may be higher and must not be lower.
 */
export const EVENT_BYTES_MAX = 900_000;

/** More than the envelope with its ids, hashes and actor takes, and than rules add of their own: dates, a ladder, the author. */
const ENVELOPE_AND_RULES_BYTES = 40_000;

/** At most so many bytes has an event that says all of this command's data, which is sealed already. */
export const eventBytesOf = ({ data }: Pick<CommandEnvelope, 'data'>): number => Buffer.byteLength(JSON.stringify(data)) + ENVELOPE_AND_RULES_BYTES;
