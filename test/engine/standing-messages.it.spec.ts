import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MessageOrders, obeyingBus, RightsSeal, StandingMessages } from '@qiyue/edge';
import { KafkajsEventBus, ProcessMetrics, countedBus, readMessage, type Publisher, type Subscription } from '@qiyue/platform';
import { KeyFolder } from '@qiyue/privacy';
import { Incidents, type LedgerStore } from '@qiyue/engine-runtime';
import { createTopics, eventually, freshStore, serversFromEnv } from '@qiyue/testkit';

describe('messages that stand aside', () => {
  const topic = `standing-${randomBytes(5).toString('hex')}.commands`;
  const group = `${topic}.readers`;
  const brokers = serversFromEnv().kafka.split(',');
  const bus = new KafkajsEventBus(brokers, 'test');
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-orders-'));
  const forged: string[] = [];
  const rights = new RightsSeal(new KeyFolder(folder), ({ kind, row }) => forged.push(`${kind}:${row}`));
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let messages: StandingMessages;
  let publisher: Publisher;
  let reading: Subscription | null = null;
  beforeAll(async () => {
    ({ store, drop } = await freshStore());
    messages = new StandingMessages(store.db);
    publisher = bus.publisher();
    await createTopics([topic], 1);
    await rights.closeAdoption();
  });
  afterAll(async () => {
    await reading?.close();
    await publisher.close();
    await drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are taken from the reader that stands at them, which then goes on; what it does is counted', async () => {
    const counters = new ProcessMetrics();
    const handled: string[] = [];
    const handle = async (batch: readonly { readonly offset: string; readonly value: string | null }[]): Promise<void> => {
      if (batch.some(({ value }) => value?.startsWith('bad') === true)) throw new Error('nobody can handle this');
      handled.push(...batch.map(({ value }) => String(value)));
    };
    const planted = ['0', '3'].map((offset) => ({ _id: `${group}/${topic}:0:${offset}`, group, action: 'skip', at: '2026-11-26T08:00:00+08:00' }));
    await store.db.collection<{ _id: string }>('messageOrders').insertMany(planted); // by whoever may write to the database
    await publisher.send(
      topic,
      ['good', 'bad 1', 'bad 2', 'better'].map((value) => ({ key: 'k', value })),
    );
    const watched = countedBus(obeyingBus(bus, new MessageOrders(store.db, group, rights)), group, counters);
    reading = await watched.subscribe({ groupId: group, topics: [topic] }, handle);
    const retries = async () => (await counters.batchRetries.get()).values[0]?.value ?? 0;
    await eventually('the batch to come again', async () => (await retries()) >= 2, 20_000);
    expect(handled).toEqual([]);

    const [partition, incidents] = [0, new Incidents(store.db)];
    const standsAt = (offset: string) =>
      incidents.note({ kind: 'batch-retrying', subject: `${group}/${topic}/0`, place: { topic, partition, offset }, why: 'Error' });
    for (const [offset, action] of [
      ['1', 'skip'],
      ['2', 'park'],
    ] as const) {
      await standsAt(offset);
      const [standing] = (await messages.list(topic)).filter(({ state }) => state === 'retrying');
      expect(standing).toMatchObject({ id: `${group}/${topic}/0`, offset, reader: group });
      if (standing !== undefined) await messages.order(standing, action, rights);
    }
    await eventually('the others to be handled', () => handled.length === 2, 20_000);
    expect(handled).toEqual(['good', 'better']);
    expect(new Set(forged)).toEqual(new Set(planted.map(({ _id }) => `messageOrders:${_id}`)));
    expect(await messages.find(`${topic}:0:1`)).toMatchObject({ state: 'dead', why: 'skipped-by-operator' });
    expect((await messages.list()).filter(({ state }) => state === 'dead')).toEqual([
      expect.objectContaining({ id: `${topic}:0:2`, why: 'parked-by-operator', reader: group }),
    ]);
    expect((await counters.messages.get()).values).toEqual([expect.objectContaining({ labels: { group, outcome: 'handled' }, value: 2 })]);
  }, 60_000);

  it('are read from their place for as long as the topic keeps them', async () => {
    await publisher.send(topic, [{ key: 'k', value: 'last', headers: { authorization: 'Bearer x' } }]);
    expect(await readMessage(brokers, { topic, partition: 0, offset: '4' })).toEqual({
      ...{ key: 'k', value: Buffer.from('last'), headers: { authorization: 'Bearer x' } },
    });
    expect(await readMessage(brokers, { topic, partition: 0, offset: '5' })).toBeNull();
    expect(await readMessage(brokers, { topic, partition: 7, offset: '0' })).toBeNull();
  }, 60_000);

  it('are parked commands too, tried again with those before them', async () => {
    const row = (offset: number, more: object = {}) => ({
      _id: `c:0:${offset}`,
      topic: 'c',
      partition: 0,
      offset,
      key: 'n1',
      needId: 'n1',
      commandId: `k${offset}`,
      why: 'busy',
      hash: 'h',
      parkedAt: new Date(offset),
      nextAt: new Date(8e12),
      ...more,
    });
    const rows = store.db.collection<{ _id: string; nextAt: Date }>('parkedCommands');
    await rows.insertMany([row(1), row(2), row(3, { lease: { by: 'x', until: new Date(Date.now() + 60_000) } })] as never[]);
    await messages.retryParked('c:0:2');
    expect((await rows.find({ nextAt: { $lte: new Date() } }).toArray()).map(({ _id }) => _id)).toEqual(['c:0:1', 'c:0:2', 'c:0:3']);
    expect(await messages.find('c:0:1')).toMatchObject({ state: 'parked', commandId: 'k1', entity: 'n1', why: 'busy' });
  });

  it('are left out many at once, by topic, reason and time', async () => {
    const letter = (id: string, topic: string, reason: string, at: string) => ({ _id: id, topic, reason, at, state: 'open' });
    const rows = store.db.collection<{ _id: string; state: string }>('deadLetters');
    await rows.insertMany([
      letter('x:0:1', 'x', 'malformed', '2026-11-01T00:00:00.000+08:00'),
      letter('x:0:2', 'x', 'malformed', '2026-11-03T00:00:00.000+08:00'),
      letter('x:0:3', 'x', 'invalid', '2026-11-01T00:00:00.000+08:00'),
      letter('y:0:1', 'y', 'malformed', '2026-11-01T00:00:00.000+08:00'),
    ] as never[]);
    const open = async () => (await rows.find({ _id: /^[xy]:/, state: 'open' } as object).toArray()).map(({ _id }) => _id).sort();
    expect(await messages.skipLetters({ topic: 'x', reason: 'malformed', before: '2026-11-02T00:00:00.000+08:00' })).toBe(1);
    expect(await open()).toEqual(['x:0:2', 'x:0:3', 'y:0:1']);
    expect(await messages.skipLetters({ topic: 'x' })).toBe(2);
    expect(await open()).toEqual(['y:0:1']);
    await rows.deleteOne({ _id: 'y:0:1' });
  });

  it('are commands that wait for another entity than their own', async () => {
    await new Incidents(store.db).note({ kind: 'saga-waiting', subject: 'saga-x', since: '2026', why: 'need.merge: need-n1 lost' });
    const standing = { id: 'saga-x', state: 'saga-waiting', why: 'need.merge: need-n1 lost', since: '2026' };
    expect(await messages.find('saga-x')).toMatchObject(standing);
    expect(await messages.list()).toContainEqual(expect.objectContaining(standing));
    await new Incidents(store.db).clear('saga-waiting', 'saga-x');
    expect(await messages.find('saga-x')).toBeNull();
  });

  it('are what the relay has set aside, which it is told to try again', async () => {
    const aside = store.db.collection<{ _id: string; seq: number; why: string; since: string; retry: boolean }>('relayAside');
    await aside.insertOne({ _id: 'n9', seq: 4, why: 'MESSAGE_TOO_LARGE', since: '2026', retry: false });
    expect(await messages.find('relay:n9')).toMatchObject({ state: 'set-aside', entity: 'n9', seq: 4 });
    await messages.retryAside('relay:n9');
    expect(await aside.findOne({ _id: 'n9' })).toMatchObject({ retry: true });
  });
});
