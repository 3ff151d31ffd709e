import { isUtf8 } from 'node:buffer';
import type { KafkaMessage } from 'kafkajs';
import type { IncomingMessage } from './event-bus';
import type { FetchedRecord } from './records/record-batches';

/** Longer than the topic of commands keeps any: whatever says that it is older has another clock than ours. */
export const RECEIPT_AGE_MAX_MS = 14 * 86_400_000;

/** A record as our readers take it. Never throws, whatever lies on the topic. */
export const incomingMessageOf = (
  topic: string,
  partition: number,
  message: KafkaMessage & Partial<Pick<FetchedRecord, 'unreadable'>> & { readonly batchContext?: Partial<FetchedRecord['batchContext']> },
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
    timestampMs: message.batchContext?.timestampType === APPEND_TIME ? timeOf(message.timestamp, nowMs) : nowMs,
    bytes: value ?? null,
    ...(why === undefined ? {} : { unreadable: why }),
  };
};

/** Of a batch whose times are the broker's; any other has its sender's, who may say anything, and so have batches of before there was a difference. */
const APPEND_TIME = 1;

/** The broker's clock, as far as ours can believe it: neither ahead of us nor before what a topic keeps. */
const timeOf = (timestamp: string, nowMs: number): number => {
  const ms = Number(timestamp);
  return Number.isFinite(ms) && ms >= 0 ? Math.min(Math.max(ms, nowMs - RECEIPT_AGE_MAX_MS), nowMs) : nowMs;
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
