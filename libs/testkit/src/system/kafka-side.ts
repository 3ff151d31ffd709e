import { Kafka, logLevel, type KafkaMessage } from 'kafkajs';
import { KafkajsEventBus, type Publisher } from '@qiyue/platform';
import { commandTopicOf } from '@qiyue/engine';
import { eventually } from '../eventually';
import { withAdmin } from '../topics';

/** One message of a topic as a test looks at it. */
export interface TopicMessage {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** When the broker or the producer took it. */
  readonly timestampMs: number;
}

export interface KafkaCommand {
  readonly id: string;
  /** `need` unless given. */
  readonly aggregate?: string;
  /** `submit`, `claim` …; or the whole CloudEvents type. */
  readonly type: string;
  /** The entity; left out for a command that starts one. */
  readonly subject?: string;
  readonly data: unknown;
  readonly token?: string;
}

const SEND_BOUND_MS = 120_000;
const READ_BOUND_MS = 60_000;

/** Kafka as other services use it: commands in, topics read to their present end. */
export class KafkaSide {
  private publisher: Publisher | null = null;
  private readonly kafka: Kafka;

  constructor(private readonly brokers: readonly string[]) {
    this.kafka = new Kafka({ brokers: [...brokers], clientId: 'qiyue-test', logLevel: logLevel.NOTHING });
  }

  async send(command: KafkaCommand): Promise<void> {
    const { id, aggregate = 'need', subject, data, token } = command;
    const type = command.type.includes('.') ? command.type : `qiyue.${aggregate}.${command.type}.v1`;
    const event = { specversion: '1.0', id, source: '/test', type, ...(subject === undefined ? {} : { subject }), data };
    await this.sendRaw(
      commandTopicOf(aggregate),
      subject ?? id,
      JSON.stringify(event),
      token === undefined ? {} : { authorization: `Bearer ${token}` },
    );
  }

  /** Sends until the broker has it, which may be more than once. */
  async sendRaw(topic: string, key: string, value: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await eventually(`a message on ${topic}`, () => this.trySend(topic, key, value, headers), SEND_BOUND_MS);
  }

  private async trySend(topic: string, key: string, value: string, headers: Readonly<Record<string, string>>): Promise<true> {
    this.publisher ??= new KafkajsEventBus(this.brokers, 'qiyue-test').publisher();
    await this.publisher.send(topic, [{ key, value, headers }]);
    return true;
  }

  /** All that is on a topic now, in the order of each partition. */
  async readAll(topic: string): Promise<readonly TopicMessage[]> {
    const ends = await this.endsOf(topic);
    const missing = new Map([...ends].filter(([, end]) => end > 0));
    const messages: TopicMessage[] = [];
    if (missing.size === 0) return messages;
    const consumer = this.kafka.consumer({ groupId: `test-${Date.now()}-${Math.random()}`, maxWaitTimeInMs: 50 });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          const read = toMessage(partition, message);
          const end = ends.get(partition) ?? 0;
          if (read.offset < end) messages.push(read);
          if (read.offset >= end - 1) missing.delete(partition);
        },
      });
      await eventually(`${topic} to be read to its end`, () => missing.size === 0, READ_BOUND_MS);
    } finally {
      await consumer.disconnect();
    }
    return messages;
  }

  async close(): Promise<void> {
    await this.publisher?.close();
  }

  private endsOf(topic: string): Promise<ReadonlyMap<number, number>> {
    return withAdmin(
      this.brokers,
      async (admin) => new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)])),
    );
  }
}

const toMessage = (partition: number, { offset, key, value, headers, timestamp }: KafkaMessage): TopicMessage => ({
  partition,
  offset: Number(offset),
  key: key?.toString('utf8') ?? null,
  value: value?.toString('utf8') ?? null,
  headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)])),
  timestampMs: Number(timestamp),
});
