import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KafkajsEventBus, publishWith, type IncomingMessage, type Publisher } from '@qiyue/platform';
import {
  AnswerUnclear,
  fromCloudEvent,
  Incidents,
  Relay,
  RelayAside,
  relayStatus,
  type LedgerDocument,
  type LedgerStore,
  type Positioned,
  type RelayOptions,
} from '@qiyue/engine-runtime';
import { ConfigResourceTypes } from 'kafkajs';
import { createTopics, eventually, freshStore, notedStream, readTopic, serversFromEnv, withAdmin } from '@qiyue/testkit';

const TOPIC_BYTES_MAX = 20_000;
const LARGE = 'x'.repeat(TOPIC_BYTES_MAX);

describe('a record that the broker refuses', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let publisher: Publisher;
  let topic: string;
  const relays: { relay: Relay; running: Promise<void> }[] = [];
  const brokers = () => serversFromEnv().kafka.split(',');

  beforeEach(async () => {
    ({ store, drop } = await freshStore());
    topic = `test.aside.${randomBytes(5).toString('hex')}`;
    await createTopics([topic], 2);
    await limitTopic(TOPIC_BYTES_MAX);
    publisher = new KafkajsEventBus(brokers(), 'relay-test').publisher();
  });
  afterEach(async () => {
    await stopAll();
    await publisher.close();
    await drop();
  });

  const limitTopic = (bytes: number): Promise<unknown> =>
    withAdmin(brokers(), (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name: 'max.message.bytes', value: String(bytes) }] }],
      }),
    );
  const stopAll = async (): Promise<void> => {
    for (const { relay } of relays) relay.stop();
    await Promise.all(relays.splice(0).map(({ running }) => running));
  };
  const toTopic: Publisher = { send: (_, messages) => publisher.send(topic, messages), close: () => Promise.resolve() };
  const start = (options: Partial<RelayOptions> = {}): void => {
    const relay = new Relay(store, { publish: (batch) => publishWith(toTopic, batch), ...options });
    relays.push({ relay, running: relay.run() });
  };
  const append = (documents: readonly LedgerDocument[]) => store.insertInOrder(documents);
  /** So many records, of which one is above the topic's limit. */
  const streamWithLarge = (entity: string, count: number, largeSeq: number): readonly LedgerDocument[] =>
    notedStream(entity, count, (seq) => (seq === largeSeq ? LARGE : ''));
  const aside = () => new RelayAside(store).list();
  const publishedUpTo = (position: number) => eventually('published', async () => (await relayStatus(store)).publishedN >= position, 20_000);
  const onTopic = async (count: number) => firstOccurrences(await readTopic(topic, (seen) => new Set(seen.map(({ value }) => value)).size >= count));

  it('holds up its own entity only, is shown, and goes out with those behind it when an operator asks for it', async () => {
    await append(notedStream('good1', 3));
    await append(streamWithLarge('bad', 5, 3));
    await append(notedStream('good2', 3));
    start();
    await publishedUpTo(11);
    expect(await onTopic(8)).toEqual({ good1: 3, bad: 2, good2: 3 });
    expect(await aside()).toMatchObject([{ _id: 'bad', seq: 3, why: 'MESSAGE_TOO_LARGE', times: 1, retry: false }]);
    expect(await new Incidents(store.db).list('record-refused')).toMatchObject([{ subject: 'bad', entity: 'bad', seq: 3, why: 'MESSAGE_TOO_LARGE' }]);
    expect(await relayStatus(store)).toMatchObject({
      publishedN: 11,
      feedHead: 11,
      lagRecords: 0,
      oldestUnpublishedAt: null,
      aside: [{ _id: 'bad' }],
    });

    await limitTopic(1_000_000);
    expect(await new RelayAside(store).retry('bad')).toBe(true);
    await eventually('taken up again', async () => (await aside()).length === 0, 15_000);
    expect(await onTopic(11)).toEqual({ good1: 3, bad: 5, good2: 3 });
    expect(await new Incidents(store.db).list('record-refused')).toEqual([]);
  }, 60_000);

  it('stays set aside over a restart and a retry in vain, with what is appended meanwhile behind it', async () => {
    const bad = streamWithLarge('bad', 6, 2);
    await append([...notedStream('good', 2), ...bad.slice(0, 3)]);
    start();
    await publishedUpTo(5);
    await stopAll();
    await append(bad.slice(3, 5));
    start();
    await publishedUpTo(7);
    await new RelayAside(store).retry('bad');
    await eventually('refused again', async () => (await aside())[0]?.times === 2, 15_000);
    expect(await onTopic(3)).toEqual({ good: 2, bad: 1 });

    await limitTopic(1_000_000);
    await new RelayAside(store).retry('bad');
    await append(bad.slice(5));
    expect(await onTopic(8)).toEqual({ good: 2, bad: 6 });
    await eventually('taken up again', async () => (await aside()).length === 0);
  }, 60_000);

  it('may be several, of several entities, next to each other', async () => {
    const streams = ['a', 'b', 'c', 'd', 'e'].map((entity, i) => (i % 2 === 0 ? streamWithLarge(entity, 4, 1 + i / 2) : notedStream(entity, 4)));
    await append(streams.flat());
    start();
    await publishedUpTo(20);
    expect((await aside()).map(({ _id, seq }) => `${_id}:${seq}`).sort()).toEqual(['a:1', 'c:2', 'e:3']);
    expect(await onTopic(11)).toEqual({ b: 4, c: 1, d: 4, e: 2 });
  }, 60_000);

  it('is not one of many that are too large only together', async () => {
    await append(Array.from({ length: 40 }, (_, i) => notedStream(`e${i}`, 1, () => 'y'.repeat(1_500))).flat());
    start();
    await publishedUpTo(40);
    expect(Object.keys(await onTopic(40))).toHaveLength(40);
    expect(await aside()).toEqual([]);
  }, 60_000);

  it('may be one that makes no message, or that the feed names and the ledger does not hold', async () => {
    await append([...notedStream('unreadable', 2), ...notedStream('missing', 2), ...notedStream('good', 2)]);
    await store.ledger.updateOne({ _id: 'unreadable:2' }, { $set: { canonical: '{"data":' } });
    await store.feed.insertMany(
      [...['unreadable', 'missing', 'good'].flatMap((entity) => [1, 2].map((seq) => ({ entity, seq })))].map((row, i) => ({ _id: i + 1, ...row })),
    );
    await store.ledger.deleteOne({ _id: 'missing:1' });
    start();
    await publishedUpTo(6);
    expect((await aside()).map(({ _id, seq, why }) => [_id, seq, why]).sort()).toEqual([
      ['missing', 1, 'not-in-ledger'],
      ['unreadable', 2, 'unreadable'],
    ]);
    expect(await onTopic(3)).toEqual({ good: 2, unreadable: 1 });
  }, 60_000);

  it('is believed only after several tries where the answer may be about the server', async () => {
    await append([...notedStream('bad', 1), ...notedStream('good', 2)]);
    const tries = { bad: 0 };
    const sent: string[] = [];
    const publish = (batch: readonly Positioned[]): Promise<void> => {
      if (batch.some(({ document }) => document.entity === 'bad')) {
        tries.bad += 1;
        return Promise.reject(new AnswerUnclear('UNKNOWN'));
      }
      sent.push(...batch.map(({ document }) => document._id));
      return Promise.resolve();
    };
    start({ publish });
    await publishedUpTo(3);
    expect(tries.bad).toBeGreaterThanOrEqual(10);
    expect(sent).toEqual(['good:1', 'good:2']);
    expect(await aside()).toMatchObject([{ _id: 'bad', why: 'UNKNOWN' }]);
  }, 60_000);

  it('is not a server that is away: that is shown after some seconds, until it is back', async () => {
    await append(notedStream('good', 2));
    let isAway = true;
    start({ publish: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()) });
    const incidents = new Incidents(store.db);
    await eventually('shown', async () => (await incidents.list('batch-retrying')).length === 1, 15_000);
    expect(await incidents.list('batch-retrying')).toMatchObject([{ subject: 'relay/ledger', why: 'Error' }]);
    const { lagRecords, oldestUnpublishedAt } = await relayStatus(store);
    expect([lagRecords, oldestUnpublishedAt]).toEqual([2, notedStream('good', 2)[0]?.time]);
    isAway = false;
    await publishedUpTo(2);
    await eventually('cleared', async () => (await incidents.list('batch-retrying')).length === 0);
    expect(await aside()).toEqual([]);
  }, 60_000);
});

/** How many records of each entity came, each first occurrence in order. */
const firstOccurrences = (messages: readonly IncomingMessage[]): Readonly<Record<string, number>> => {
  const last: Record<string, number> = {};
  for (const { value } of messages) {
    const received = fromCloudEvent(value);
    if (!received.ok) throw new Error(received.why);
    const { entity, seq } = received.record.body;
    const expected = (last[entity] ?? 0) + 1;
    if (seq > expected) throw new Error(`${entity}: ${seq} before ${expected}`);
    if (seq === expected) last[entity] = seq;
  }
  return last;
};
