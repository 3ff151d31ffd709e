import type { OwnPositions } from './own-positions';

/** One message for a topic. Messages with the same key keep their order. */
export interface OutgoingMessage {
  readonly key: string;
  readonly value: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface IncomingMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
  /** Names in lower case; of several with one name the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** When the broker took it, by its own clock, ms since 1970; where the topic holds its senders' times, when it came to us. Never ahead of our clock. */
  readonly timestampMs: number;
  /** The value as it lies on the topic. */
  readonly bytes?: Buffer | null;
  /** Why nobody can read it; the rest is then as good as it goes. */
  readonly unreadable?: string;
}

/**
 * The narrow port to Kafka: all that Qiyue uses of it, so that another client can take kafkajs's place.
 * `send` resolves when all in-sync replicas have every message, one request in flight; it rejects when that is not certain.
 */
export interface Publisher {
  send(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Handles one partition's batch, in order of offset. Offsets are committed soon after it resolves, so a message can come
 * again after a crash; a rejection gives the batch again. `alive` must be called at least every few seconds of long work and rejects when the partition has been taken away.
 */
export type BatchHandler = (messages: readonly IncomingMessage[], alive: () => Promise<void>) => Promise<void>;

export interface Subscription {
  /** True while the consumer is a member of its group. */
  readonly healthy: () => boolean;
  close(): Promise<void>;
}

export interface SubscribeOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Where a group without offsets starts. Default: the beginning. */
  readonly from?: 'beginning' | 'end';
  readonly partitionsAtOnce?: number;
  /** How long the broker may wait for so many bytes; left out, it answers as soon as there is anything. */
  readonly pace?: { readonly waitMs: number; readonly bytesMin: number };
  /** Left out, the broker is believed where the group has come to. */
  readonly positions?: OwnPositions;
  /** Told of a failure that is being retried: kind only, never content. */
  readonly onTrouble?: (kind: string) => void;
}

export interface EventBus {
  /** Connects with its first send. */
  publisher(): Publisher;
  subscribe(options: SubscribeOptions, handle: BatchHandler): Promise<Subscription>;
}

/** The partition now belongs to another consumer, or we are closing: what is unfinished will come again there. */
export class PartitionGone extends Error {
  override readonly name = 'PartitionGone';
}
