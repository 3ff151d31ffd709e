import type { ReceivedRecord } from '../feed/cloud-event';
import type { HashesOf } from './known-hashes';

const WAIT_MS = 250;
const WAITS_MAX = 8;

/** Records of a topic, told apart by whether the ledger has them. */
export interface HeldRecords {
  readonly held: readonly ReceivedRecord[];
  /** Whoever sent them, the ledger has another record there, or none. */
  readonly unknown: readonly ReceivedRecord[];
}

/**
 * Which records of a topic are those of the ledger. Anybody who may write to the topic can make one whose hash covers it and that fits behind the
 * last: only the ledger tells. What it lacks is looked for again for two seconds, since the topic may be ahead of a replica that has just
 * become the primary.
 */
export const heldRecords = async (
  hashesOf: HashesOf,
  records: readonly ReceivedRecord[],
  alive: () => Promise<void> = () => Promise.resolve(),
): Promise<HeldRecords> => {
  const bodies = records.map(({ body }) => body);
  for (let waits = 0; ; waits += 1) {
    const hashes = await hashesOf(bodies);
    const isHeld = ({ body, hash }: ReceivedRecord): boolean => hashes.get(`${body.entity}:${body.seq}`) === hash;
    const unknown = records.filter((record) => !isHeld(record));
    const isSettled = unknown.every(({ body }) => hashes.has(`${body.entity}:${body.seq}`)); // another record there does not change
    if (unknown.length === 0 || isSettled || waits === WAITS_MAX) return { held: unknown.length === 0 ? records : records.filter(isHeld), unknown };
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    await alive();
  }
};
