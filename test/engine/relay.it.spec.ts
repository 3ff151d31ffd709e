import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KafkajsEventBus, publishWith, type IncomingMessage, type Publisher } from '@qiyue/platform';
import { Appender, FeedReader, Relay, anyDecider, fromCloudEvent, type LedgerStore, type Positioned } from '@qiyue/engine-runtime';
import { createTopics, eventually, freshStore, outboxOf, readTopic, serversFromEnv } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const EVENTS_EACH = 10;

describe('the relay', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let publisher: Publisher;
  let topic: string;
  const relays: { relay: Relay; running: Promise<void> }[] = [];

  beforeEach(async () => {
    ({ store, drop } = await freshStore());
    topic = `test.relay.${randomBytes(5).toString('hex')}`;
    await createTopics([topic]);
    publisher = new KafkajsEventBus(serversFromEnv().kafka.split(','), 'relay-test').publisher();
  });
  afterEach(async () => {
    for (const { relay } of relays) relay.stop();
    await Promise.all(relays.splice(0).map(({ running }) => running));
    await publisher.close();
    await drop();
  });

  const toTopic: Publisher = { send: (_, messages) => publisher.send(topic, messages), close: () => Promise.resolve() };
  const start = (publish: (batch: readonly Positioned[]) => Promise<void> = (batch) => publishWith(toTopic, batch)): Relay => {
    const relay = new Relay(store, { publish });
    relays.push({ relay, running: relay.run() });
    return relay;
  };
  const appendLoans = async (count: number): Promise<readonly string[]> => {
    const appender = new Appender(store);
    const entities = Array.from({ length: count }, () => randomBytes(6).toString('hex'));
    const renewals = Array.from({ length: EVENTS_EACH - 1 }, () => ({ type: 'renew', data: {} }));
    await Promise.all(
      entities.map(async (entity) => {
        const entries = outboxOf(anyDecider(loanDecider), entity, [{ type: 'lend', data: { book: '书' } }, ...renewals]);
        for (const entry of entries) await appender.append({ aggregate: 'loan', entity, entries: [entry] });
      }),
    );
    return entities;
  };
  const feedIsWhole = async (records: number): Promise<boolean> => {
    const rows = await store.feed.find().sort({ _id: 1 }).toArray();
    return rows.length === records && rows.every(({ _id }, i) => _id === i + 1);
  };

  it('brings what is appended before and after its start to the topic, each first occurrence in order', async () => {
    const before = await appendLoans(5);
    const relay = start();
    await eventually('following', () => relay.isFollowing);
    const after = await appendLoans(20);
    const messages = await readTopic(topic, (seen) => seen.length >= 25 * EVENTS_EACH);
    expect(firstOccurrencesBySeq(messages)).toEqual(new Map([...before, ...after].map((entity) => [entity, EVENTS_EACH])));
    expect(await feedIsWhole(25 * EVENTS_EACH)).toBe(true);
  });

  it('feeds what was appended while no relay lived', async () => {
    start();
    await appendLoans(3);
    await eventually('fed', () => feedIsWhole(3 * EVENTS_EACH));
    relays[0]?.relay.stop();
    await appendLoans(4);
    start();
    await eventually('all fed', () => feedIsWhole(7 * EVENTS_EACH));
  });

  it('never skips a batch that could not be sent', async () => {
    let failures = 5;
    const published: number[] = [];
    start((batch) => {
      if ((failures -= 1) >= 0) return Promise.reject(new Error('broker away'));
      published.push(...batch.map(({ position }) => position));
      return Promise.resolve();
    });
    await appendLoans(3);
    await eventually('all published', () => published.length >= 3 * EVENTS_EACH);
    expect(published).toEqual(Array.from({ length: published.length }, (_, i) => i + 1));
  });

  it('leaves no place unpublished that another relay gave between its last leftover and its own first record', async () => {
    const [other, own] = await appendLoans(2);
    const rowsOfOther = Array.from({ length: EVENTS_EACH }, (_, i) => ({ _id: i + 1, entity: other as string, seq: i + 1 }));
    const published = new Set<string>();
    const feed = onFirstEmptyPage(store.feed, () => store.feed.insertMany(rowsOfOther)); // and is killed before it publishes them
    const overlapped = Object.create(store, { feed: { value: feed } }) as LedgerStore;
    const relay = new Relay(overlapped, { publish: (batch) => Promise.resolve(batch.forEach(({ document }) => published.add(document._id))) });
    relays.push({ relay, running: relay.run() });
    await eventually('all published', () => published.size === 2 * EVENTS_EACH, 15_000);
    expect([...published].filter((id) => id.startsWith(own as string))).toHaveLength(EVENTS_EACH);
    expect(await feedIsWhole(2 * EVENTS_EACH)).toBe(true);
  }, 30_000);

  it('goes on past places that somebody else wrote: one that no feed comes to, and one whose record the ledger does not hold', async () => {
    await store.feed.insertMany([
      { _id: Number.MAX_SAFE_INTEGER - 1, entity: 'ghost', seq: 1 },
      { _id: 1, entity: 'ghost', seq: 2 },
    ]);
    const relay = start();
    await eventually('following', () => relay.isFollowing);
    const [entity] = await appendLoans(1);
    const reader = new FeedReader(store);
    await eventually('all fed', async () => (await reader.headPosition()) === EVENTS_EACH + 1);
    expect((await reader.after(0, 100)).map(({ position, document }) => [position, document.entity])).toEqual(
      Array.from({ length: EVENTS_EACH }, (_, i) => [i + 2, entity]),
    );
    expect(await reader.after(0, 1)).toHaveLength(1); // a page of nothing but such a place is no end
    const messages = await readTopic(topic, (seen) => seen.length >= EVENTS_EACH);
    expect(firstOccurrencesBySeq(messages)).toEqual(new Map([[entity, EVENTS_EACH]]));
  }, 30_000);

  it('lets two relays at once give no place twice and lose nothing', async () => {
    start();
    start();
    const entities = await appendLoans(15);
    await eventually('fed by whichever', () => feedIsWhole(15 * EVENTS_EACH), 20_000);
    const messages = await readTopic(topic, (seen) => new Set(seen.map(({ value }) => value)).size >= 15 * EVENTS_EACH);
    expect(firstOccurrencesBySeq(messages)).toEqual(new Map(entities.map((entity) => [entity, EVENTS_EACH])));
  }, 40_000);
});

/** Last seq per entity, having checked that each new seq is the next one: later copies are what consumers drop. */
const firstOccurrencesBySeq = (messages: readonly IncomingMessage[]): ReadonlyMap<string, number> => {
  const last = new Map<string, number>();
  for (const { value } of messages) {
    const received = fromCloudEvent(value);
    if (!received.ok) throw new Error(received.why);
    const { entity, seq } = received.record.body;
    const expected = (last.get(entity) ?? 0) + 1;
    if (seq > expected) throw new Error(`${entity}: ${seq} before ${expected}`);
    if (seq === expected) last.set(entity, seq);
  }
  return last;
};

/** The feed as it is, with something that happens just behind the first look that finds no more of it. */
const onFirstEmptyPage = (feed: LedgerStore['feed'], happens: () => Promise<unknown>): LedgerStore['feed'] => {
  let isOver = false;
  const watched = (cursor: ReturnType<LedgerStore['feed']['find']>): typeof cursor =>
    new Proxy(cursor, {
      get: (target, name: keyof typeof cursor) => {
        if (name === 'sort' || name === 'limit') return (value: never) => watched(target[name](value) as typeof cursor);
        if (name !== 'toArray') return target[name];
        return async () => {
          const rows = await target.toArray();
          if (rows.length === 0 && !isOver) {
            isOver = true;
            await happens();
          }
          return rows;
        };
      },
    });
  return new Proxy(feed, {
    get: (target, name: keyof LedgerStore['feed']) => {
      if (name === 'find') return (filter: object) => watched(target.find(filter));
      const value: unknown = target[name];
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
};
