import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { ConformanceCheck } from './check';
import { newId } from './notebook';
import { until } from './until';

/** A message for a topic. Messages with one key keep their order. */
export interface SentMessage {
  readonly key: string;
  readonly value: string;
}

/** A message as a handler gets it. */
export interface HandedMessage {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
}

/** Handles a part of one partition, in order. What it rejects comes again. */
export type HandleMessages = (messages: readonly HandedMessage[]) => Promise<void>;

/** A member of a consumer group. */
export interface BusMember {
  /** Leaves the group. Resolves when nothing is handled any more, and what was handled is committed. */
  close(): Promise<void>;
}

/** What relay and consumers ask of a bus, whichever client is behind it. */
export interface BusUnderTest {
  /** A topic of at least two partitions that nobody has used. */
  newTopic(): Promise<string>;
  /** Resolves when the server keeps all of them, in this order. */
  send(topic: string, messages: readonly SentMessage[]): Promise<void>;
  /** Joins a group; one that is new begins at the beginning. */
  subscribe(groupId: string, topic: string, handle: HandleMessages): Promise<BusMember>;
}

/** How patient the checks are. */
export interface BusCheckOptions {
  /** Bound of every wait: joining a group takes a server some seconds. Default 30,000. */
  readonly waitMs?: number;
}

interface Bench {
  readonly send: (messages: readonly SentMessage[]) => Promise<void>;
  /** Its members leave at the end of the check, however it ends. */
  readonly subscribe: (handle: HandleMessages, group?: string) => Promise<BusMember>;
  readonly waitMs: number;
}
type Check = (bench: Bench) => Promise<void>;

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
/** One of each key per round, so that a value tells where its message stands. */
const roundsOf = (from: number, to: number): readonly SentMessage[] =>
  Array.from({ length: to - from }, (_, i) => KEYS.map((key) => ({ key, value: `${key} ${from + i}` }))).flat();
const valuesOf = (messages: readonly { readonly value: string | null }[]): readonly (string | null)[] => messages.map(({ value }) => value);

/** What a member has been handed, and handles well. */
const collector = () => {
  const messages: HandedMessage[] = [];
  const handle: HandleMessages = (batch) => {
    messages.push(...batch);
    return Promise.resolve();
  };
  const has = (wanted: readonly SentMessage[]): boolean => {
    const values = new Set(valuesOf(messages));
    return wanted.every(({ value }) => values.has(value));
  };
  return { messages, handle, has };
};

/** Of each value the first time that it came. */
const firstsOf = (messages: readonly HandedMessage[], key: string): readonly (string | null)[] => [
  ...new Set(valuesOf(messages.filter((message) => message.key === key))),
];

const CHECKS: Readonly<Record<string, Check>> = {
  'hands on every message, key and value as they were sent': async ({ send, subscribe, waitMs }) => {
    const sent = ['', ' ', '契约 \u0000\n', '{"a":[1]}', 'x'.repeat(200_000)].map((value, i) => ({ key: `键 ${i}`, value }));
    await send(sent);
    const { messages, handle, has } = collector();
    await subscribe(handle);
    await until('all messages', () => has(sent), waitMs);
    const handed = new Map(messages.map(({ key, value }) => [key, value]));
    deepStrictEqual(
      sent.map(({ key }) => handed.get(key)),
      valuesOf(sent),
    );
  },

  'keeps the order of each key, over many sends': async ({ send, subscribe, waitMs }) => {
    const { messages, handle, has } = collector();
    await subscribe(handle);
    for (let round = 0; round < 20; round += 1) await send(roundsOf(2 * round, 2 * round + 2));
    const sent = roundsOf(0, 40);
    await until('all messages', () => has(sent), waitMs);
    for (const key of KEYS) deepStrictEqual(firstsOf(messages, key), valuesOf(sent.filter((message) => message.key === key)));
  },

  'keeps what belongs to one key in one partition, and uses more than one': async ({ send, subscribe, waitMs }) => {
    const { messages, handle } = collector();
    const sent = Array.from({ length: 40 }, (_, i) => ({ key: `k${i}`, value: 'v' }));
    for (let round = 0; round < 3; round += 1) await send(sent);
    await subscribe(handle);
    await until('all messages', () => messages.length >= 3 * sent.length, waitMs);
    for (const { key } of sent) strictEqual(new Set(messages.filter((message) => message.key === key).map(({ partition }) => partition)).size, 1);
    ok(new Set(messages.map(({ partition }) => partition)).size > 1);
  },

  'hands the messages of a partition on in order of offset, one part after the other': async ({ send, subscribe, waitMs }) => {
    const { messages, handle, has } = collector();
    const atWork = new Set<number>();
    let overlaps = 0;
    await subscribe(async (batch) => {
      const partition = batch[0]?.partition ?? -1;
      if (atWork.has(partition) || batch.some((message) => message.partition !== partition)) overlaps += 1;
      atWork.add(partition);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atWork.delete(partition);
      await handle(batch);
    });
    for (let round = 0; round < 10; round += 1) await send(roundsOf(round, round + 1));
    await until('all messages', () => has(roundsOf(0, 10)), waitMs);
    strictEqual(overlaps, 0);
    for (const partition of new Set(messages.map((message) => message.partition))) {
      const offsets = [...new Set(messages.filter((message) => message.partition === partition).map(({ offset }) => BigInt(offset)))];
      ok(offsets.every((offset, i) => i === 0 || offset > (offsets[i - 1] as bigint)));
    }
  },

  'gives every group every message': async ({ send, subscribe, waitMs }) => {
    const [one, two] = [collector(), collector()];
    const sent = roundsOf(0, 5);
    await subscribe(one.handle);
    await send(sent);
    await until('all messages in one group', () => one.has(sent), waitMs);
    await subscribe(two.handle, 'another');
    await until('all messages in the other', () => two.has(sent), waitMs);
  },

  'hands on what was not handled again, before what stands behind it': async ({ send, subscribe, waitMs }) => {
    const { messages, handle } = collector();
    // What each failure began with: as long as the first is not handled, nothing may come before it.
    const failures: (string | null | undefined)[] = [];
    let isMended = false;
    const key = 'a';
    const sent = Array.from({ length: 6 }, (_, i) => ({ key, value: String(i) }));
    await send(sent.slice(0, 3));
    await subscribe(async (batch) => {
      if (isMended) return handle(batch);
      failures.push(batch[0]?.value);
      throw new Error('planted: cannot be handled yet');
    });
    await until('a failure', () => failures.length > 0, waitMs);
    await send(sent.slice(3));
    const failed = failures.length;
    await until('failures with more behind them', () => failures.length > failed + 1, waitMs);
    isMended = true;
    await until('the last message', () => messages.some(({ value }) => value === '5'), waitMs);
    deepStrictEqual([...new Set(failures)], ['0']);
    deepStrictEqual(firstsOf(messages, key), valuesOf(sent));
  },

  'goes on behind what a group has handled when it comes again': async ({ send, subscribe, waitMs }) => {
    const [before, after] = [collector(), collector()];
    await send(roundsOf(0, 5));
    const first = await subscribe(before.handle);
    await until('the first messages', () => before.has(roundsOf(0, 5)), waitMs);
    await first.close();
    await send(roundsOf(5, 7));
    await subscribe(after.handle);
    await until('the others', () => after.has(roundsOf(5, 7)), waitMs);
    for (const key of KEYS) deepStrictEqual(firstsOf(after.messages, key), [`${key} 5`, `${key} 6`]);
  },

  'gives a group again what it had not handled when it left': async ({ send, subscribe, waitMs }) => {
    const { messages, handle, has } = collector();
    let failures = 0;
    await send(roundsOf(0, 3));
    const first = await subscribe(() => {
      failures += 1;
      return Promise.reject(new Error('planted: cannot be handled'));
    });
    await until('a failure', () => failures > 0, waitMs);
    await first.close();
    await subscribe(handle);
    await until('all messages', () => has(roundsOf(0, 3)), waitMs);
    for (const key of KEYS) deepStrictEqual(firstsOf(messages, key), [`${key} 0`, `${key} 1`, `${key} 2`]);
  },

  'loses nothing when a member joins a group and another leaves it': async ({ send, subscribe, waitMs }) => {
    const [one, two] = [collector(), collector()];
    const isHandled = (sent: readonly SentMessage[]): boolean => {
      const values = new Set([...valuesOf(one.messages), ...valuesOf(two.messages)]);
      return sent.every(({ value }) => values.has(value));
    };
    const first = await subscribe(one.handle);
    await send(roundsOf(0, 5));
    await until('the first messages', () => isHandled(roundsOf(0, 5)), waitMs);
    await subscribe(two.handle);
    await send(roundsOf(5, 10));
    await until('the messages of both', () => isHandled(roundsOf(0, 10)), waitMs);
    await first.close();
    await send(roundsOf(10, 15));
    await until('the messages of the one that stayed', () => isHandled(roundsOf(0, 15)), waitMs);
  },
};

const runOn = async (check: Check, bus: BusUnderTest, waitMs: number): Promise<void> => {
  const topic = await bus.newTopic();
  const groups = newId();
  const members: BusMember[] = [];
  const subscribe: Bench['subscribe'] = async (handle, group = 'one') => {
    const member = await bus.subscribe(`${group}-${groups}`, topic, handle);
    let closing: Promise<void> | null = null;
    const once = { close: () => (closing ??= member.close()) };
    members.push(once);
    return once;
  };
  try {
    await check({ send: (messages) => bus.send(topic, messages), subscribe, waitMs });
  } finally {
    await Promise.all(members.map((member) => member.close()));
  }
};

/** What every bus has to keep. Each check has a topic and groups of its own; `open` may always answer the same bus. */
export const busChecks = (open: () => Promise<BusUnderTest>, { waitMs = 30_000 }: BusCheckOptions = {}): readonly ConformanceCheck[] =>
  Object.entries(CHECKS).map(([name, check]) => ({ name, run: async () => runOn(check, await open(), waitMs) }));
