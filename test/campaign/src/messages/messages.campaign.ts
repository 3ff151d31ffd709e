import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigResourceTypes, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { commandTopicOf, eventTopicOf } from '@qiyue/engine';
import { Incidents } from '@qiyue/engine-runtime';
import { eventually, installPackers, NEED_BODY, PEOPLE, startSystem, withAdmin, type AppName, type System } from '@qiyue/testkit';
import type { CampaignResult, Row } from '../figures';
import { mutatedMessages, type Mutated } from './mutations';

export interface MessagesOptions {
  /** Mutated ones; half go to the commands topic, half to the events topic. */
  readonly messages?: number;
  readonly seed?: number;
  readonly onProgress?: (line: string) => void;
}

const PARTITIONS = 6;
const AT_ONCE = 120;
const THROUGH_BOUND_MS = 60_000;
const MEMORY_MB_MAX = 900;
const READERS: readonly AppName[] = ['intake', 'projections', 'notifications'];

/**
 * Random and mutated messages (bytes, headers, keys, times, sizes, nesting, packing) through the real intake, projections and notifications,
 * half of them on topics that hold batches as they were packed. Behind each comes a good command on the same partition: it
 * has to be accepted, and its event read and told. No reader may end, stand still or grow.
 */
export const messagesCampaign = async ({
  messages = 1_000,
  seed = 1,
  onProgress = () => undefined,
}: MessagesOptions = {}): Promise<CampaignResult> => {
  const system = await startSystem();
  const producer = await producerOf(system);
  try {
    const side = new MessageSide(system, producer);
    const halves: readonly (readonly [string, number])[] = [
      ['uncompressed', Math.ceil(messages / 2)],
      ['producer', Math.floor(messages / 2)],
    ];
    const rows: Row[] = [];
    for (const [index, [compression, count]] of halves.entries()) {
      await side.keepAs(compression);
      rows.push({ topics: compression, ...(await side.run(count, seed + index, onProgress)) });
    }
    const troubles = await side.troubles();
    return { sound: troubles.length === 0, conditions: { messages, seed, memoryMb: side.memory() }, rows, troubles };
  } finally {
    await producer.disconnect();
    await system.stop();
  }
};

const producerOf = async (system: System): Promise<Producer> => {
  installPackers();
  const kafka = new Kafka({ brokers: system.servers.kafkaBrokers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return producer;
};

class MessageSide {
  private readonly brokers: readonly string[];
  private refused = 0;
  private sent = 0;
  private slowestMs = 0;

  constructor(
    private readonly system: System,
    private readonly producer: Producer,
  ) {
    this.brokers = system.servers.kafkaBrokers.split(',');
  }

  /** As a topic of before would be, or as ours are. */
  keepAs(compression: string): Promise<unknown> {
    const configEntries = [
      { name: 'compression.type', value: compression },
      { name: 'message.timestamp.type', value: compression === 'producer' ? 'CreateTime' : 'LogAppendTime' },
      { name: 'max.message.bytes', value: '2097152' },
      { name: 'retention.ms', value: '-1' },
    ];
    const resources = [commandTopicOf('need'), eventTopicOf('need')].map((name) => ({ type: ConfigResourceTypes.TOPIC, name, configEntries }));
    return withAdmin(this.brokers, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
  }

  async run(count: number, seed: number, onProgress: (line: string) => void): Promise<Row> {
    const authorization = `Bearer ${await this.system.token(PEOPLE.resident)}`;
    const perTopic = Math.ceil(count / 2);
    const commands = mutatedMessages({ good: commandOf(`mutated-${seed}`), authorization }, perTopic, seed);
    const events = mutatedMessages({ good: await this.goodEvent(authorization), authorization }, perTopic, seed + 1_000);
    const before = { sent: this.sent, refused: this.refused };
    this.slowestMs = 0;
    for (let start = 0; start < perTopic; start += AT_ONCE / 2) {
      await this.round(commands.slice(start, start + AT_ONCE / 2), events.slice(start, start + AT_ONCE / 2), authorization);
      onProgress(`${Math.min(count, 2 * (start + AT_ONCE / 2))} of ${count} messages, the slowest round ${Math.round(this.slowestMs / 100) / 10} s`);
    }
    return {
      mutated: this.sent - before.sent,
      'refused by the broker': this.refused - before.refused,
      'slowest round ms': Math.round(this.slowestMs),
    };
  }

  private async round(commands: readonly Mutated[], events: readonly Mutated[], authorization: string): Promise<void> {
    const startMs = performance.now();
    const pairs = Array.from({ length: Math.max(commands.length, events.length) }, (_, i) => ({
      event: events[i],
      command: commands[i],
      id: randomUUID(),
    }));
    const lane = async (partition: number): Promise<void> => {
      for (const { event, command, id } of pairs.filter((_, i) => i % PARTITIONS === partition)) {
        await this.send(eventTopicOf('need'), partition, event);
        await this.send(commandTopicOf('need'), partition, command);
        const good = { partition, key: id, value: commandOf(id), headers: { authorization } };
        await this.producer.send({ topic: commandTopicOf('need'), messages: [good] });
      }
    };
    await Promise.all(Array.from({ length: PARTITIONS }, (_, partition) => lane(partition)));
    const ids = pairs.map(({ id }) => id);
    await this.comeThrough(ids);
    this.slowestMs = Math.max(this.slowestMs, performance.now() - startMs);
  }

  /** Accepted, in the read model, and told. */
  private async comeThrough(ids: readonly string[]): Promise<void> {
    const { store } = this.system;
    const rows = await eventually(
      `${ids.length} good commands to be accepted`,
      async () => {
        const found = await store.commands.find({ _id: { $in: [...ids] }, state: 'accepted' }).toArray();
        return found.length === ids.length && found;
      },
      THROUGH_BOUND_MS,
    );
    const needs = rows.map(({ entity }) => entity);
    const model = await store.db.collection<{ _id: string; active: string }>('models').findOne({ _id: 'needs' });
    for (const collection of [model?.active ?? 'needs_1', 'noticed']) {
      const filter = { _id: { $in: needs } } as object;
      await eventually(
        `${needs.length} needs in ${collection}`,
        async () => (await store.db.collection(collection).countDocuments(filter)) === needs.length,
        THROUGH_BOUND_MS,
      );
    }
  }

  private async send(topic: string, partition: number, mutated: Mutated | undefined): Promise<void> {
    if (mutated === undefined) return;
    this.sent += 1;
    try {
      await this.producer.send({ topic, compression: mutated.compression, messages: [{ ...mutated.message, partition }] });
    } catch {
      this.refused += 1; // the broker will not have it, so no reader ever meets it
    }
  }

  /** A real one, so that a mutation of it is close to what readers take; of a need that no good command is about. */
  private async goodEvent(authorization: string): Promise<string> {
    const id = randomUUID();
    await this.producer.send({
      topic: commandTopicOf('need'),
      messages: [{ partition: 0, key: id, value: commandOf(id), headers: { authorization } }],
    });
    await this.comeThrough([id]);
    const entity = (await this.system.store.commands.findOne({ _id: id }))?.entity;
    const found = await eventually('its event on the topic', async () =>
      (await this.system.kafka.readAll(eventTopicOf('need'))).find(({ key }) => key === entity),
    );
    return found.value ?? '{}';
  }

  async troubles(): Promise<readonly string[]> {
    const { crashes, store } = this.system;
    const incidents = await new Incidents(store.db).list();
    const grown = Object.entries(this.memory()).filter(([, mb]) => mb > MEMORY_MB_MAX);
    return [
      ...crashes,
      ...incidents.map(({ _id, why }) => `${_id}: ${why}`),
      ...grown.map(([name, mb]) => `${name} has grown to ${mb} MB`),
      ...(this.refused * 2 > this.sent ? [`the broker refused ${this.refused} of ${this.sent}: hardly any was tried`] : []),
    ];
  }

  /** The most that each reader ever held. */
  memory(): Readonly<Record<string, number>> {
    return Object.fromEntries(READERS.map((name) => [name, highWaterMb(this.system.app(name).pid)]));
  }
}

const commandOf = (id: string): string =>
  JSON.stringify({ specversion: '1.0', id, source: '/campaign', type: 'qiyue.need.submit.v1', time: '2024-07-01T08:00:00+08:00', data: NEED_BODY });

/** 0 where the system does not tell. */
const highWaterMb = (pid: number | null): number => {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
};
