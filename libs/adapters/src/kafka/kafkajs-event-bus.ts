import { Kafka, logLevel, Partitioners, type Consumer, type EachBatchPayload, type KafkaMessage } from 'kafkajs';
import { OffsetCommits } from './offset-commits';
import type { BatchHandler, EventBus, IncomingMessage, OutgoingMessage, Publisher, SubscribeOptions, Subscription } from './event-bus';

const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, factor: 0.2, multiplier: 1.5 };
const FOREVER = Number.MAX_SAFE_INTEGER;
const RESTART_PAUSE_MS = 1_000;

/** kafkajs behind the port. Pinned: acks −1, one request in flight, no client-side idempotence, the default partitioner of Java. */
export class KafkajsEventBus implements EventBus {
  private readonly kafka: Kafka;

  /** `connectRetries` bounds how long `publisher` waits for a broker that is away; without it, it waits until there is one. */
  constructor(brokers: readonly string[], clientId: string, connectRetries = FOREVER) {
    this.kafka = new Kafka({
      brokers: [...brokers],
      clientId,
      logLevel: logLevel.NOTHING,
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      retry: { ...RETRY, retries: connectRetries },
    });
  }

  async publisher(): Promise<Publisher> {
    const producer = this.kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
      idempotent: false,
      retry: { ...RETRY, retries: 5 },
    });
    await producer.connect();
    return {
      send: async (topic, messages) => {
        if (messages.length > 0) await producer.send({ topic, acks: -1, messages: messages.map(toKafka) });
      },
      close: () => producer.disconnect(),
    };
  }

  async subscribe(options: SubscribeOptions, handle: BatchHandler): Promise<Subscription> {
    const life: ConsumerLife = { joined: false, closed: false, consumer: null, offsets: null };
    await this.consume(life, options, handle);
    return {
      healthy: () => life.joined,
      close: async () => {
        life.closed = true;
        await life.offsets?.close();
        await life.consumer?.disconnect();
      },
    };
  }

  /** kafkajs gives a consumer up for good after an error that it holds to be final: then a new one takes its place. */
  private async consume(life: ConsumerLife, options: SubscribeOptions, handle: BatchHandler): Promise<void> {
    const consumer = this.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: 6_000,
      heartbeatInterval: 1_500,
      rebalanceTimeout: 15_000,
      maxWaitTimeInMs: 50,
      minBytes: 1,
      allowAutoTopicCreation: false,
      retry: { ...RETRY, retries: FOREVER, restartOnFailure: () => Promise.resolve(true) },
    });
    const offsets = new OffsetCommits(
      (handled) => consumer.commitOffsets(handled),
      (error) => options.onTrouble?.(nameOf(error)),
    );
    Object.assign(life, { consumer, offsets });
    consumer.on(consumer.events.GROUP_JOIN, () => {
      life.joined = true;
      offsets.forget();
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      life.joined = false;
      options.onTrouble?.(payload.error.name);
      if (!payload.restart) void this.consumeAgain(life, options, handle);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: options.from !== 'end' });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.partitionsAtOnce ?? 3,
      eachBatch: (payload) => this.eachBatch(payload, handle, offsets, options.onTrouble),
    });
  }

  private async consumeAgain(life: ConsumerLife, options: SubscribeOptions, handle: BatchHandler): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
      if (life.closed) return;
      try {
        return await this.consume(life, options, handle);
      } catch (error) {
        options.onTrouble?.(nameOf(error));
        await life.consumer?.disconnect().catch(() => undefined);
      }
    }
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
    const messages = batch.messages.map((message) => fromKafka(batch.topic, batch.partition, message));
    const alive = async () => {
      if (!isRunning() || isStale()) throw new PartitionGone();
      await heartbeat();
    };
    for (;;) {
      try {
        await handle(messages, alive);
        break;
      } catch (error) {
        if (error instanceof PartitionGone || !isRunning() || isStale()) return;
        onTrouble?.(nameOf(error));
        await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
        await heartbeat();
      }
    }
    resolveOffset(last.offset);
    offsets.note({ topic: batch.topic, partition: batch.partition, offset: String(BigInt(last.offset) + 1n) });
  }
}

interface ConsumerLife {
  joined: boolean;
  closed: boolean;
  consumer: Consumer | null;
  offsets: OffsetCommits | null;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/** The partition now belongs to another consumer, or we are closing: what is unfinished will come again there. */
export class PartitionGone extends Error {
  override readonly name = 'PartitionGone';
}

const toKafka = ({ key, value, headers }: OutgoingMessage) => ({ key, value, ...(headers ? { headers: { ...headers } } : {}) });

const fromKafka = (topic: string, partition: number, message: KafkaMessage): IncomingMessage => ({
  topic,
  partition,
  offset: message.offset,
  key: message.key?.toString('utf8') ?? null,
  value: message.value?.toString('utf8') ?? null,
  headers: Object.fromEntries(Object.entries(message.headers ?? {}).flatMap(([name, value]) => headerPair(name, value))),
  timestampMs: Number(message.timestamp),
});

const headerPair = (name: string, value: Buffer | string | (Buffer | string)[] | undefined): [string, string][] => {
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? [] : [[name.toLowerCase(), first.toString()]];
};
