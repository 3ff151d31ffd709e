import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage } from 'kafkajs';
import type { KafkaSecurity } from '../config/security';
import { kafkaClient, ONE_LOOK, withAdmin } from './kafka-client';

const READ_WITHIN_MS = 15_000;

/** One message as it lies on its topic. */
export interface LyingMessage {
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The message at a place; null when the topic no longer keeps it. Rejects when the brokers do not answer in time. */
export const readMessage = async (
  brokers: readonly string[],
  { topic, partition, offset }: { readonly topic: string; readonly partition: number; readonly offset: string },
  security: KafkaSecurity = {},
): Promise<LyingMessage | null> => {
  const kafka = kafkaClient(brokers, 'qiyue-messages', security, ONE_LOOK);
  if (!(await isKept(kafka, topic, partition, offset))) return null;
  const groupId = `qiyue.messages.${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50 });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    const found = new Promise<KafkaMessage | null>((resolve, reject) => {
      setTimeout(() => reject(new Error(`${topic}:${partition}:${offset} could not be read`)), READ_WITHIN_MS).unref();
      const eachMessage = async (read: { readonly partition: number; readonly message: KafkaMessage }): Promise<void> => {
        if (read.partition === partition && BigInt(read.message.offset) >= BigInt(offset))
          resolve(read.message.offset === offset ? read.message : null);
      };
      consumer.run({ autoCommit: false, eachMessage }).then(() => consumer.seek({ topic, partition, offset }), reject);
    });
    const message = await found;
    return message && { key: message.key?.toString('utf8') ?? null, value: message.value, headers: headersOf(message) };
  } finally {
    await consumer.disconnect();
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
};

const isKept = (kafka: Kafka, topic: string, partition: number, offset: string): Promise<boolean> =>
  withAdmin(kafka, async (admin) => {
    const place = (await admin.fetchTopicOffsets(topic)).find((each) => each.partition === partition);
    return place !== undefined && BigInt(place.low) <= BigInt(offset) && BigInt(offset) < BigInt(place.high);
  });

const headersOf = ({ headers }: KafkaMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(Array.isArray(value) ? value[0] : value)]])),
  );
