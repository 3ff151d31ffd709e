import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CompressionTypes, ConfigResourceTypes, Kafka, logLevel, Partitioners, type Message, type Producer } from 'kafkajs';
import { adoptRights, DeadLetterRows, DeadLetters, MessageLoop, ParkedCommands, RightsSeal, StandingMessages, type ForgedRow } from '@qiyue/edge';
import { ConsumerLag, KafkajsEventBus, readToEnd, type IncomingMessage, type Publisher, type Subscription } from '@qiyue/platform';
import { KeyFolder } from '@qiyue/privacy';
import { Incidents, type LedgerStore } from '@qiyue/engine-runtime';
import { ensureTopics, topicsOf } from '@qiyue/stack';
import { eventually, freshStore, installPackers, PACKERS, readTopic, serversFromEnv, withAdmin } from '@qiyue/testkit';

const brokers = serversFromEnv().kafka.split(',');
const quiet = { warn: () => undefined, error: () => undefined };

describe('a topic that holds what it was given', () => {
  let topic: string;
  let producer: Producer;
  let publisher: Publisher;
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let subscription: Subscription | null = null;
  beforeAll(async () => {
    installPackers();
    topic = `test.packed.${randomBytes(5).toString('hex')}`;
    const configEntries = [{ name: 'compression.type', value: 'producer' }];
    await withAdmin(brokers, (admin) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: [
          { topic, numPartitions: 1, configEntries },
          { topic: `${topic}.dead`, numPartitions: 1 },
        ],
      }),
    );
    producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    publisher = new KafkajsEventBus(brokers, 'test').publisher();
    ({ store, drop } = await freshStore());
  }, 60_000);
  afterEach(() => subscription?.close());
  afterAll(async () => {
    await producer?.disconnect();
    await publisher?.close();
    await drop?.();
  });

  const send = (compression: CompressionTypes, ...messages: Message[]) => producer.send({ topic, compression, messages });

  it('is read whatever it is packed with, and what would be 100 MB is one dead letter, in bounded memory', async () => {
    for (const [type] of PACKERS) await send(type, { value: `packed ${type}` }, { value: `also ${type}` });
    for (const [type] of PACKERS.filter(([each]) => each !== CompressionTypes.Snappy))
      await send(type, { value: Buffer.alloc(100 * 1024 * 1024, 'x') });
    await send(CompressionTypes.None, { value: 'the next' });
    const seen: string[] = [];
    const rows = new DeadLetterRows(store.db);
    const letters = new DeadLetters('test', { topic: `${topic}.dead`, publisher, rows, log: quiet });
    const handle = async (messages: readonly IncomingMessage[]): Promise<void> => void seen.push(...messages.map(({ value }) => value ?? ''));
    const loop = new MessageLoop(
      { groupId: topic, handle, probe: () => Promise.resolve() },
      { letters, incidents: new Incidents(store.db), log: quiet },
    );
    const before = process.memoryUsage.rss();
    subscription = await new KafkajsEventBus(brokers, 'test').subscribe({ groupId: topic, topics: [topic] }, loop.take);
    await eventually('the next', () => seen.includes('the next'), 30_000);
    expect(seen).toEqual([...PACKERS.flatMap(([type]) => [`packed ${type}`, `also ${type}`]), 'the next']);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
    const dead = await readTopic(`${topic}.dead`, (messages) => messages.length === 3);
    expect(dead.map(({ headers }) => [headers['reason'], headers['source-offset']])).toEqual([
      ['malformed', '8'],
      ['malformed', '9'],
      ['malformed', '10'],
    ]);
    expect(await rows.counts()).toEqual({ malformed: 3 });
  }, 90_000);
});

describe('a transaction that somebody leaves open', () => {
  const groupId = `test.tx.${randomBytes(5).toString('hex')}`;

  it('holds up nothing behind it, however it ends, and its marks leave nobody behind', async () => {
    const topic = `${groupId}.commands`;
    await withAdmin(brokers, (admin) => admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] }));
    const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    const options = { transactionalId: topic, idempotent: true, maxInFlightRequests: 1, transactionTimeout: 15_000 };
    const [open, plain] = [kafka.producer({ ...options, createPartitioner: Partitioners.DefaultPartitioner }), kafka.producer()];
    await Promise.all([open.connect(), plain.connect()]);
    const seen: string[] = [];
    const handle = async (messages: readonly IncomingMessage[]): Promise<void> => void seen.push(...messages.map(({ value }) => value ?? ''));
    const lag = new ConsumerLag(brokers, 'test', { groups: [{ group: groupId, topic }] });
    const subscription = await new KafkajsEventBus(brokers, 'test').subscribe({ groupId, topics: [topic] }, handle);
    for (const [end, value] of [
      ['abort', 'behind an open one'],
      ['commit', 'behind another'],
    ] as const) {
      const transaction = await open.transaction();
      await transaction.send({ topic, messages: [{ value: end }] });
      await plain.send({ topic, messages: [{ value }] });
      await eventually(value, () => seen.includes(value), 10_000);
      await transaction[end]();
      await eventually('nothing is waited for', async () => (await lag.read())[0]?.messages === 0, 10_000);
      const read: string[] = [];
      await readToEnd(brokers, topic, async (values) => void read.push(...values), { quietMs: 5_000 });
      expect(read).toContain(value);
    }
    expect(seen).toEqual(['abort', 'behind an open one', 'commit', 'behind another']);
    await Promise.all([subscription.close(), lag.close(), open.disconnect(), plain.disconnect()]);
  }, 60_000);
});

describe('our topics', () => {
  it('get what makes them safe, also those that were there before, and keep what else was set', async () => {
    const aggregate = `test${randomBytes(5).toString('hex')}`;
    const [commands = '', events = ''] = topicsOf(aggregate).map(({ topic }) => topic);
    const configEntries = [
      { name: 'compression.type', value: 'producer' },
      { name: 'retention.ms', value: '123456789' },
      { name: 'max.message.bytes', value: '3000000' },
    ];
    await withAdmin(brokers, (admin) => admin.createTopics({ waitForLeaders: true, topics: [{ topic: commands, numPartitions: 1, configEntries }] }));
    await ensureTopics(brokers.join(','), [aggregate]);
    const safe = { 'compression.type': 'uncompressed', 'message.timestamp.type': 'LogAppendTime' };
    expect(await settingsOf(commands)).toMatchObject({ ...safe, 'max.message.bytes': '3000000', 'retention.ms': '123456789' });
    expect(await settingsOf(events)).toMatchObject({ ...safe, 'max.message.bytes': '2097152', 'retention.ms': '-1' });
  });

  const settingsOf = async (topic: string): Promise<Readonly<Record<string, string>>> =>
    withAdmin(brokers, async (admin) => {
      const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }] });
      return Object.fromEntries((resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]));
    });
});

describe('parked commands', () => {
  it('are taken up in the order of the topic, by one process at a time', async () => {
    const { store, drop } = await freshStore();
    const parked = new ParkedCommands(store.db);
    await parked.ensureIndexes();
    expect(await parked.keysAmong(['k'])).toBeNull();
    const row = (offset: number, key: string) => ({
      ...{
        topic: 't',
        partition: 0,
        offset,
        key,
        commandId: `c${offset}`,
        type: 'claim' as const,
        needId: key,
        hash: '',
        why: 'unknown',
        attempts: 0,
      },
      ...{ actor: { id: 'a', role: 'department', unit: null }, body: {}, receivedAt: '2024-07-01T08:00:00.000+08:00' },
    });
    for (const each of [row(12, 'k'), row(9, 'k'), row(100, 'k'), row(3, 'other'), row(9, 'k')]) await parked.park(each);
    expect([await parked.count(), [...((await parked.keysAmong(['k', 'none'])) ?? [])], await parked.hasEntity('other')]).toEqual([4, ['k'], true]);
    expect([...(await parked.due(10))].sort()).toEqual(['t:0:3', 't:0:9']);
    const leases = await Promise.all(['one', 'two', 'three'].map((who) => parked.lease('t:0:9', who)));
    expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
    const holder = leases.find((lease) => lease !== null)?.lease?.by ?? '';
    await parked.putBack('t:0:9', holder, { why: 'busy', pauseMs: 60_000 });
    expect(await parked.due(10)).toEqual(['t:0:3']);
    expect(await parked.retryNow('t:0:100')).toBe(true);
    expect([...(await parked.due(10))].sort()).toEqual(['t:0:3', 't:0:9']);
    await parked.remove('t:0:9');
    expect([await parked.headOf('k'), await parked.find('t:0:9')]).toEqual(['t:0:12', null]);
    await drop();
  });
});

describe('a parked command that none of ours has parked', () => {
  it('is given to nobody, holds up nothing, and is named', async () => {
    const { store, drop } = await freshStore();
    const told: ForgedRow[] = [];
    const rights = new RightsSeal(new KeyFolder(mkdtempSync(join(tmpdir(), 'qiyue-keys-'))), (forged) => told.push(forged));
    await adoptRights(store.db, rights, { insist: () => Promise.resolve() });
    const parked = new ParkedCommands(store.db, rights);
    const row = {
      topic: 't',
      partition: 0,
      offset: 7,
      key: 'k',
      commandId: 'c',
      type: 'claim' as const,
      needId: 'n',
      hash: '',
      why: 'x',
      attempts: 0,
    };
    const given = { ...row, actor: { id: 'a', role: 'department', unit: null }, body: {}, receivedAt: '2024-07-01T08:00:00.000+08:00' };
    const forged = { ...given, _id: 't:0:1', offset: 1, parkedAt: new Date(), nextAt: new Date(0) };
    const rows = store.db.collection<{ _id: string }>('parkedCommands');
    await rows.insertMany([forged, { _id: 'junk' }, { ...forged, _id: 't:0:2', offset: 2, mac: 'A'.repeat(43) } as never]);
    await parked.park(given);
    for (const id of ['t:0:1', 'junk', 't:0:2']) expect(await parked.lease(id, 'me')).toBeNull();
    expect(told.map(({ kind, row: id }) => `${kind} ${id}`)).toEqual(['parkedCommands t:0:1', 'parkedCommands junk', 'parkedCommands t:0:2']);
    expect([await parked.due(10), await parked.headOf('k'), await parked.count()]).toEqual([['t:0:7'], 't:0:7', 1]);
    expect(await parked.lease('t:0:7', 'me')).toMatchObject({ commandId: 'c' });
    await rows.updateOne({ _id: 't:0:7' }, {
      $set: { actor: { id: 'b', role: 'centre', unit: null }, lease: { by: 'me', until: new Date(0) } },
    } as never);
    expect(await parked.lease('t:0:7', 'me')).toBeNull();
    expect(await new StandingMessages(store.db).list()).toEqual([]);
    expect(await new StandingMessages(store.db).find('junk')).toMatchObject({ id: 'junk', state: 'parked' });
    await drop();
  });
});

describe('the time of a message', () => {
  const MONTHS_MS = 60 * 86_400_000;

  it.each([
    ['LogAppendTime', 'is when the broker took it, whatever its sender stamped it with'],
    ['CreateTime', 'is when we took it, where the topic believes its senders'],
  ])('on a topic with %s %s', async (type) => {
    const topic = `test.time.${randomBytes(5).toString('hex')}`;
    const configEntries = [{ name: 'message.timestamp.type', value: type }];
    await withAdmin(brokers, (admin) => admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1, configEntries }] }));
    const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const sinceMs = Date.now();
    for (const stampedMs of [sinceMs - MONTHS_MS, sinceMs + 3_000_000])
      await producer.send({ topic, messages: [{ value: 'x', timestamp: String(stampedMs) }] });
    await producer.disconnect();
    const messages = await readTopic(topic, ({ length }) => length === 2);
    for (const { timestampMs } of messages) {
      expect(timestampMs).toBeGreaterThanOrEqual(sinceMs - 1_000);
      expect(timestampMs).toBeLessThanOrEqual(Date.now());
    }
  });
});
