import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { KafkaSecurity } from '../config/security';
import { OffsetCommits, type PartitionOffset } from './offset-commits';
import { kafkaClient } from './kafka-client';
import { KafkajsPublisher } from './kafkajs-publisher';
import { incomingMessageOf } from './incoming-message';
import { Standpoint } from './standpoint';
import { PartitionGone, type BatchHandler, type EventBus, type Publisher, type SubscribeOptions, type Subscription } from './event-bus';

const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, factor: 0.2, multiplier: 1.5, retries: 5 };
/** An answer comes as soon as there is anything: this is how often one comes when there is nothing, and the longest that a heartbeat waits behind it. */
const WAIT_MS = 1_000;
const RESTART_PAUSE_MS = 1_000;
/** Above what any topic of ours takes, so that the largest record of one partition never waits for the others to be empty. */
const PARTITION_BYTES_MAX = 3 * 1024 * 1024;
const ANSWER_BYTES_MAX = 18 * 1024 * 1024;

/** kafkajs behind the port. Pinned: acks −1, one request in flight, no client-side idempotence, the default partitioner of Java. */
export class KafkajsEventBus implements EventBus {
  private readonly kafka: Kafka;

  constructor(brokers: readonly string[], clientId: string, security: KafkaSecurity = {}) {
    this.kafka = kafkaClient(brokers, clientId, security, { connectionTimeout: 3_000, requestTimeout: 15_000, retry: RETRY });
  }

  publisher(): Publisher {
    return new KafkajsPublisher(this.kafka);
  }

  async subscribe(options: SubscribeOptions, handle: BatchHandler): Promise<Subscription> {
    const life: ConsumerLife = { joined: false, closed: false, consumer: null, offsets: null, standpoint: null };
    await this.consume(life, options, handle);
    return {
      healthy: () => life.joined,
      close: async () => {
        life.closed = true;
        await life.offsets?.close();
        await life.standpoint?.close();
        await life.consumer?.disconnect();
      },
    };
  }

  /** Until a consumer runs. A failure ends it: a new one, with connections of its own, gets over what kafkajs would not. */
  private async consume(life: ConsumerLife, options: SubscribeOptions, handle: BatchHandler): Promise<void> {
    while (!life.closed) {
      try {
        return await this.startConsumer(life, options, handle);
      } catch (error) {
        options.onTrouble?.(nameOf(error));
        await life.consumer?.disconnect().catch(() => undefined);
        await pause(RESTART_PAUSE_MS);
      }
    }
  }

  private async startConsumer(life: ConsumerLife, options: SubscribeOptions, handle: BatchHandler): Promise<void> {
    const consumer = this.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: 6_000,
      heartbeatInterval: 1_500,
      rebalanceTimeout: 15_000,
      maxWaitTimeInMs: options.pace?.waitMs ?? WAIT_MS,
      minBytes: options.pace?.bytesMin ?? 1,
      maxBytesPerPartition: PARTITION_BYTES_MAX,
      maxBytes: ANSWER_BYTES_MAX,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    const standpoint = new Standpoint(options.positions ?? null, (place) => consumer.seek(place));
    const offsets = new OffsetCommits(
      (handled) => {
        standpoint.note(handled);
        return consumer.commitOffsets(handled);
      },
      (error) => options.onTrouble?.(nameOf(error)),
    );
    await life.standpoint?.close();
    Object.assign(life, { consumer, offsets, standpoint });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      life.joined = true;
      offsets.forget();
      standpoint.take(payload.memberAssignment);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (life.consumer !== consumer) return;
      life.joined = false;
      options.onTrouble?.(payload.error.name);
      void pause(RESTART_PAUSE_MS).then(() => this.consume(life, options, handle));
    });
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) offsets.note(behind(payload, payload.lastOffset)); // a transaction's marks are handed to no handler
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: options.from !== 'end' });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.partitionsAtOnce ?? 3,
      eachBatch: async (payload) => {
        await standpoint.settled();
        if (!payload.isStale()) await this.eachBatch(payload, handle, offsets, options.onTrouble);
      },
    });
  }

  /** A handler that fails is not a reason to leave the group: the batch comes again after a pause, the rest waits behind it. */
  private async eachBatch(
    { batch, heartbeat, isRunning, isStale, resolveOffset }: EachBatchPayload,
    handle: BatchHandler,
    offsets: OffsetCommits,
    onTrouble?: (kind: string) => void,
  ): Promise<void> {
    const last = batch.messages.at(-1);
    if (last === undefined) return;
    const messages = batch.messages.map((message) => incomingMessageOf(batch.topic, batch.partition, message));
    let left: unknown = null;
    const alive = async (): Promise<void> => {
      if (left !== null || !isRunning() || isStale()) throw new PartitionGone();
      try {
        await heartbeat();
      } catch (error) {
        if (!isOutOfGroup(error)) return; // a broker that is away is no reason to do the work again
        left = error;
        throw new PartitionGone();
      }
    };
    for (;;) {
      try {
        await handle(messages, alive);
        break;
      } catch (error) {
        if (left !== null) throw left as Error; // kafkajs then joins anew
        if (error instanceof PartitionGone || !isRunning() || isStale()) return;
        onTrouble?.(nameOf(error));
        await pause(RESTART_PAUSE_MS);
        await heartbeat();
      }
    }
    resolveOffset(last.offset);
    offsets.note(behind(batch, batch.lastOffset()));
  }
}

const behind = ({ topic, partition }: Pick<PartitionOffset, 'topic' | 'partition'>, offset: string): PartitionOffset => ({
  topic,
  partition,
  offset: String(BigInt(offset) + 1n),
});

const OUT_OF_GROUP = new Set(['REBALANCE_IN_PROGRESS', 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'NOT_COORDINATOR_FOR_GROUP', 'FENCED_INSTANCE_ID']);
const isOutOfGroup = (error: unknown): boolean => OUT_OF_GROUP.has(String((error as { readonly type?: unknown } | null)?.type));

interface ConsumerLife {
  joined: boolean;
  closed: boolean;
  consumer: Consumer | null;
  offsets: OffsetCommits | null;
  standpoint: Standpoint | null;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
