import type { Admin, Kafka } from 'kafkajs';
import type { Db } from 'mongodb';
import type { KafkaSecurity } from '../config/security';
import type { PartitionOffset } from './offset-commits';
import type { ConsumerGroup } from './consumer-groups';
import { kafkaClient } from './kafka-client';
import { ReaderPositions } from './own-positions';

export interface ConsumerHealth extends ConsumerGroup {
  /** Messages that the group has not handled. */
  readonly messages: number;
  /** How long the oldest of them has lain there, to within a tenth; 0 when there is none. */
  readonly oldestSeconds: number;
  /** Hosts of members that are not ours, as far as they say so: they read in the group's name. */
  readonly foreign: readonly string[];
}

/** Client ids of our own processes. */
const OURS = /^qiyue-/;

export interface LagOptions {
  readonly security?: KafkaSecurity;
  readonly groups: readonly ConsumerGroup[];
  /** Looked for, whether somebody reads them or not. Left out: none. */
  readonly topics?: readonly string[];
  /** Where groups note how far they have come: what they have not handled by their own word is not handled. */
  readonly db?: Db;
}

/** The offset of the next message that a group has to handle, by partition. */
type Waiting = ReadonlyMap<number, number>;

const AGE_S_MAX = 60 * 86_400;
/** Each halves the span between the logarithms of two ages, a second and two months: eight come to 6 %. */
const GUESSES = 8;

/** How far each group is behind its topic, asked of the brokers. One connection, made with the first question and anew after a failure. */
export class ConsumerLag {
  private connecting: Promise<Admin> | null = null;
  private readonly kafka: Kafka;

  private readonly groups: readonly ConsumerGroup[];
  private readonly topics: readonly string[];
  private readonly ownPositions: (group: string) => Promise<readonly PartitionOffset[]>;

  constructor(brokers: readonly string[], clientId: string, { security = {}, groups, topics = [], db }: LagOptions) {
    this.groups = groups;
    this.topics = topics;
    this.ownPositions = (group) => (db === undefined ? Promise.resolve([]) : new ReaderPositions(db, group).all());
    this.kafka = kafkaClient(brokers, clientId, security, {
      connectionTimeout: 1_500,
      requestTimeout: 5_000,
      retry: { retries: 1, initialRetryTime: 100 },
    });
  }

  /** Of groups whose topic is there. Rejects when the brokers do not answer. */
  read(): Promise<readonly ConsumerHealth[]> {
    return this.ask(async (admin) => {
      const there = new Set(await admin.listTopics());
      return Promise.all(this.groups.filter(({ topic }) => there.has(topic)).map((group) => healthOf(admin, group, this.ownPositions)));
    });
  }

  /** Topics of ours that the brokers do not have. Rejects when they do not answer. */
  missingTopics(): Promise<readonly string[]> {
    return this.ask(async (admin) => {
      const there = new Set(await admin.listTopics());
      return this.topics.filter((topic) => !there.has(topic));
    });
  }

  private async ask<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const connecting = (this.connecting ??= this.connect());
    try {
      return await work(await connecting);
    } catch (error) {
      if (this.connecting === connecting) this.connecting = null;
      void disconnect(connecting);
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.connecting !== null) await disconnect(this.connecting);
    this.connecting = null;
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    await admin.connect();
    return admin;
  }
}

const disconnect = async (connecting: Promise<Admin>): Promise<void> => {
  try {
    await (await connecting).disconnect();
  } catch {
    // it never came to be, or is gone already
  }
};

const healthOf = async (
  admin: Admin,
  { group, topic }: ConsumerGroup,
  ownPositions: (group: string) => Promise<readonly PartitionOffset[]>,
): Promise<ConsumerHealth> => {
  const [ends, [committed], own, { groups }] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
    ownPositions(group),
    admin.describeGroups([group]),
  ]);
  const handled = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  for (const { partition, offset } of own.filter((each) => each.topic === topic))
    handled.set(partition, Math.min(handled.get(partition) ?? Infinity, Number(offset)));
  const waiting = new Map<number, number>();
  let messages = 0;
  for (const { partition, low, high } of ends) {
    const next = Math.max(Number(low), handled.get(partition) ?? 0);
    if (next >= Number(high)) continue;
    waiting.set(partition, next);
    messages += Number(high) - next;
  }
  const members = groups.flatMap((each) => each.members);
  const foreign = members
    .filter(({ clientId }) => !OURS.test(clientId))
    .map(({ clientHost }) => clientHost.replace(/[^0-9a-zA-Z.:-]/g, '').slice(0, 60));
  return { group, topic, messages, oldestSeconds: messages === 0 ? 0 : await oldestSecondsOf(admin, topic, waiting), foreign };
};

/** A broker tells no message's time, but which offset a time begins at: so the age is found by halving, for all partitions at once. */
const oldestSecondsOf = async (admin: Admin, topic: string, waiting: Waiting): Promise<number> => {
  let [low, high] = [0, Math.log(AGE_S_MAX)];
  for (let guess = 0; guess < GUESSES; guess += 1) {
    const middle = (low + high) / 2;
    if (await isOlderThan(admin, topic, waiting, Math.exp(middle))) low = middle;
    else high = middle;
  }
  return low === 0 ? 0 : Math.round(Math.exp(low) * 10) / 10;
};

const isOlderThan = async (admin: Admin, topic: string, waiting: Waiting, seconds: number): Promise<boolean> => {
  const starts = await admin.fetchTopicOffsetsByTimestamp(topic, Date.now() - Math.round(seconds * 1_000));
  return starts.some(({ partition, offset }) => Number(offset) > (waiting.get(partition) ?? Infinity));
};
