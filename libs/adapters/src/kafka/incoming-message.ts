import { isUtf8 } from 'node:buffer';
import type { KafkaMessage } from 'kafkajs';
import type { IncomingMessage } from './event-bus';
import type { FetchedRecord } from './records/record-batches';

/** The last instant that four digits of a year can say; a `Date` goes further, ISO 8601 does not. */
const LAST_MS = Date.UTC(9999, 11, 30);

/** A record as our readers take it. Never throws, whatever lies on the topic. */
export const incomingMessageOf = (
  topic: string,
  partition: number,
  message: KafkaMessage & Partial<Pick<FetchedRecord, 'unreadable'>>,
  nowMs = Date.now(),
): IncomingMessage => {
  const { key, value, unreadable } = message;
  const why = unreadable ?? (value !== null && !isUtf8(value) ? 'not UTF-8' : undefined);
  return {
    topic,
    partition,
    offset: message.offset,
    key: key?.toString('utf8') ?? null,
    value: value?.toString('utf8') ?? null,
    headers: headersOf(message.headers),
    timestampMs: timeOf(message.timestamp, nowMs),
    bytes: value ?? null,
    ...(why === undefined ? {} : { unreadable: why }),
  };
};

/** A time that cannot be, or that is not yet, counts as now: on a topic with times of its senders it may say anything. */
const timeOf = (timestamp: string, nowMs: number): number => {
  const ms = Number(timestamp);
  return Number.isFinite(ms) && ms >= 0 && ms <= LAST_MS ? Math.min(ms, nowMs) : nowMs;
};

const headersOf = (headers: KafkaMessage['headers']): Readonly<Record<string, string>> => {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(headers ?? {})) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    const text = typeof first === 'string' ? first : Buffer.isBuffer(first) ? first.toString('utf8') : null;
    if (text !== null && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), text);
  }
  return Object.fromEntries(found);
};
