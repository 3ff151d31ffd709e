import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Appender, StreamEnds, anyDecider, verifyLedger, type LedgerStore } from '@qiyue/engine-runtime';
import { freshStore, outboxOf } from '@qiyue/testkit';
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
