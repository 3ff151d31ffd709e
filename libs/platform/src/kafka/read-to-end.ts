import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import type { KafkaSecurity } from '../config/security';
import { kafkaClient, ONE_LOOK, withAdmin } from './kafka-client';

const LOOK_EVERY_MS = 50;

export interface ReadMessage {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string;
}

export interface ReadOptions {
  /** Only what the brokers took from then on, ms since 1970. Left out: everything. */
  readonly fromMs?: number;
  readonly quietMs?: number;
  readonly security?: KafkaSecurity;
}

/**
 * Everything that is on a topic when it is called, batch by batch, in the order of each partition. Resolves when the ends of
 * that moment are reached; rejects when nothing comes for `quietMs`, and when no broker answers.
 */
export const readToEnd = async (
  brokers: readonly string[],
  topic: string,
  onBatch: (values: readonly string[], messages: readonly ReadMessage[]) => Promise<void>,
  { fromMs, security = {}, quietMs = 30_000 }: ReadOptions = {},
): Promise<void> => {
  const kafka = kafkaClient(brokers, 'qiyue-audit', security, ONE_LOOK);
  const starts = fromMs === undefined ? new Map<number, string>() : await startsOf(kafka, topic, fromMs);
  const missing = await endsOf(kafka, topic, starts);
  if (missing.size === 0) return;
  const groupId = `qiyue.audit.${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50 });
  let failure: unknown = null;
  let lastMs = Date.now();
  // Asked of batches, not of messages: the last may be a transaction's mark, which is handed to nobody.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    lastMs = Date.now();
    if (Number(lastOffset) >= (missing.get(partition) ?? Infinity) - 1) missing.delete(partition);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages } }) => {
        const end = missing.get(partition);
        if (end === undefined) return;
        try {
          const read = messages.flatMap(({ offset, key, value }) =>
            Number(offset) < end && value !== null ? [{ partition, offset, key: key?.toString('utf8') ?? null, value: value.toString('utf8') }] : [],
          );
          await onBatch(
            read.map(({ value }) => value),
            read,
          );
        } catch (error) {
          failure = error;
        }
      },
    });
    for (const [partition, offset] of starts) consumer.seek({ topic, partition, offset });
    while (missing.size > 0 && failure === null) {
      if (Date.now() - lastMs > quietMs) throw new Error(`${topic} could not be read to its end`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    await consumer.disconnect();
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
  if (failure !== null) throw failure instanceof Error ? failure : new Error('a batch could not be compared');
};

/** Offset behind the last message, of the partitions that have any. */
const endsOf = (kafka: Kafka, topic: string, starts: ReadonlyMap<number, string>): Promise<Map<number, number>> =>
  withAdmin(kafka, async (admin) => {
    const offsets = await admin.fetchTopicOffsets(topic);
    const isNew = (partition: number, low: string, high: string) => Number(high) > Math.max(Number(low), Number(starts.get(partition) ?? 0));
    return new Map(offsets.flatMap(({ partition, low, high }) => (isNew(partition, low, high) ? [[partition, Number(high)] as const] : [])));
  });

/** The first offset of each partition from a time on. */
const startsOf = (kafka: Kafka, topic: string, fromMs: number): Promise<Map<number, string>> =>
  withAdmin(kafka, async (admin) => {
    const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, fromMs);
    return new Map(offsets.map(({ partition, offset }) => [partition, offset]));
  });
