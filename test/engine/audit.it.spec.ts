import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Appender, Relay, StreamEnds, anyDecider, feedHoles, fillFeedHoles, verifyLedger, type LedgerStore } from '@qiyue/engine-runtime';
import { eventually, freshStore, outboxOf } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

describe('verifying the ledger', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    ({ store, drop } = await freshStore());
    const appender = new Appender(store);
    for (const entity of ['a', 'b', 'c']) {
      const commands = [{ type: 'lend', data: { book: '书' } }, ...Array.from({ length: 4 }, () => ({ type: 'renew', data: {} }))];
      await appender.append({ aggregate: 'loan', entity, entries: outboxOf(anyDecider(loanDecider), entity, commands) });
    }
  });
  afterEach(() => drop());

  it('finds nothing wrong with what was appended', async () => {
    expect(await verifyLedger(store)).toEqual({ ok: true, records: 15, streams: 3, findings: [] });
  });

  it.each([
    ['a record removed from the middle', { seq: 3 }, null, 'gap', 4],
    ['a byte of the bytes changed', { seq: 2 }, { canonical: '{"v":1}' }, 'hash', 2],
    ['a hash rewritten', { seq: 2 }, { hash: 'f'.repeat(64) }, 'hash', 2],
    ['a link rewritten', { seq: 2 }, { prevHash: 'f'.repeat(64) }, 'link', 2],
    ['a copy changed', { seq: 2 }, { actorId: 'somebody' }, 'copy', 2],
    ['a field added', { seq: 2 }, { note: 'x' }, 'copy', 2],
  ])('names the place of %s', async (_, at, change, kind, seq) => {
    const filter = { entity: 'b', ...at };
    if (change === null) await store.ledger.deleteOne(filter);
    else await store.ledger.updateOne(filter, { $set: change });
    const { ok, findings } = await verifyLedger(store);
    expect(ok).toBe(false);
    expect(findings[0]).toMatchObject({ stream: 'b', seq, kind });
    expect(findings.every(({ stream }) => stream === 'b')).toBe(true);
  });

  it('names a record that has lost its place in the feed, which gets a free one between its neighbours again', async () => {
    const relay = new Relay(store, { publish: () => Promise.resolve() });
    const running = relay.run();
    await eventually('all to be fed', async () => (await store.feed.countDocuments()) === 15, 20_000);
    relay.stop();
    await running;
    const lost = await store.feed
      .find({
        $or: [
          { entity: 'b', seq: { $in: [2, 3] } },
          { entity: 'c', seq: 1 },
        ],
      })
      .toArray();
    await store.feed.deleteMany({ _id: { $in: lost.map(({ _id }) => _id) } });
    const { ok, findings } = await verifyLedger(store);
    expect(ok).toBe(false);
    expect(findings).toMatchObject([
      { stream: 'b', seq: 2, kind: 'unfed' },
      { stream: 'b', seq: 3, kind: 'unfed' },
      { stream: 'c', seq: 1, kind: 'unfed' },
    ]);
    for await (const hole of feedHoles(store)) expect((await fillFeedHoles(store, hole, { dryRun: true })).noPlace).toEqual([]);
    expect(await store.feed.countDocuments()).toBe(12);
    for await (const hole of feedHoles(store)) await fillFeedHoles(store, hole, { dryRun: false });
    expect(await verifyLedger(store)).toMatchObject({ ok: true });
    const places = await store.feed.find().sort({ _id: 1 }).toArray();
    expect(places.map(({ _id }) => _id)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    for (const entity of ['a', 'b', 'c']) expect(places.filter((row) => row.entity === entity).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('says so when what is left between the neighbours is given to others', async () => {
    await store.feed.insertMany([
      { _id: 1, entity: 'a', seq: 1 },
      { _id: 2, entity: 'b', seq: 1 },
      { _id: 3, entity: 'a', seq: 3 },
    ]);
    for await (const hole of feedHoles(store, { entity: 'a' })) {
      expect(hole).toEqual({ entity: 'a', seqs: [2] });
      expect(await fillFeedHoles(store, hole, { dryRun: false })).toEqual({ filled: [], noPlace: [2] });
    }
  });

  it('names what is no record at all, and goes on', async () => {
    const junk = [
      { _id: 'no place' },
      { _id: 'numbers', entity: 5, seq: 'a' },
      { _id: 'b2', entity: 'b2', seq: 1 },
      { _id: 'bytes', entity: 'b3', seq: 1, canonical: '{}', hash: 'x', prevHash: 5, type: null },
    ];
    await store.db.collection<{ _id: string }>('ledger').insertMany(junk);
    const { ok, records, findings } = await verifyLedger(store, { ends: new StreamEnds() });
    expect([ok, records]).toEqual([false, 19]);
    expect(findings.map(({ stream }) => stream).toSorted()).toEqual(['b2', 'b3', 'no place', 'numbers']);
  });

  it('names a stream whose end or whole is gone, where the feed has seen more', async () => {
    let n = 0;
    for (const { entity, seq } of await store.ledger.find().sort({ entity: 1, seq: 1 }).toArray())
      await store.feed.insertOne({ _id: (n += 1), entity, seq });
    await store.ledger.deleteMany({ entity: 'a', seq: { $gt: 3 } });
    await store.ledger.deleteMany({ entity: 'c' });
    const { findings } = await verifyLedger(store);
    expect(findings).toMatchObject([
      { stream: 'a', seq: 4, kind: 'missing' },
      { stream: 'c', seq: 1, kind: 'missing' },
    ]);
  });
});
