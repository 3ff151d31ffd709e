import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT, FactTrail, Journal, RefusedTokens, type AuditFact } from '@qiyue/audit';
import { openRecord } from '@qiyue/engine';
import { FeedReader, LedgerStore, Relay, verifyLedger } from '@qiyue/engine-runtime';
import { eventually, freshStore } from '@qiyue/testkit';

const ANN = { id: 'ann', role: 'operator', unit: null };
const acted = (n: number): AuditFact => ({ type: 'OperatorActed', data: { action: 'count', on: String(n) } });
const quiet = { warn: () => undefined };

describe('journals of facts', () => {
  let fresh: Awaited<ReturnType<typeof freshStore>>;
  let store: LedgerStore;
  beforeAll(async () => {
    fresh = await freshStore();
    store = new LedgerStore(fresh.store.db, AUDIT);
    await store.ensureIndexes();
  });
  afterAll(() => fresh.drop());

  const streams = () => store.ledger.distinct('entity');

  it('are each written by one process, so that sixteen at once make no fork', async () => {
    const journals = Array.from({ length: 16 }, () => new Journal(store, 'api', quiet));
    await Promise.all(journals.flatMap((journal) => Array.from({ length: 50 }, (_, n) => journal.insist(ANN, acted(n)))));
    await Promise.all(journals.map((journal) => journal.close()));
    expect(await streams()).toHaveLength(16);
    expect(await verifyLedger(store)).toMatchObject({ ok: true, records: 16 * 51 });
    expect(await store.forks.countDocuments()).toBe(0);
    const [first] = await streams();
    const told = (await store.stream(String(first))).map((document) => openRecord(document));
    expect(told.map(({ type }) => type)).toEqual(['JournalOpened', ...Array<string>(50).fill('OperatorActed')]);
    expect(told.slice(1).map(({ data }) => (data as { on: string }).on)).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
  });

  it('lie apart from the needs’ ledger', async () => {
    expect(await fresh.store.ledger.countDocuments()).toBe(0);
  });

  it('write nothing before there is something to write', async () => {
    const before = await store.ledger.countDocuments();
    await new Journal(store, 'api', quiet).close();
    expect(await store.ledger.countDocuments()).toBe(before);
  });

  it('keep what comes while the database fails, in order, and meet a write whose answer was lost', async () => {
    let calls = 0;
    const failing = {
      hashAt: (entity: string, seq: number) => store.hashAt(entity, seq),
      insertInOrder: async (records: Parameters<LedgerStore['insertInOrder']>[0]) => {
        calls += 1;
        if (calls === 1) throw new Error('away');
        const taken = await store.insertInOrder(records);
        if (calls === 2) throw new Error('the answer was lost');
        return taken;
      },
    };
    const journal = new Journal(failing, 'intake', quiet);
    await Promise.all([1, 2, 3].map((n) => journal.insist(ANN, acted(n))));
    await journal.close();
    const [opened] = await store.ledger.find({ type: 'JournalOpened', canonical: /"process":"intake"/ }).toArray();
    expect(await verifyLedger(store, { entity: opened?.entity ?? '' })).toMatchObject({ ok: true, records: 4 });
  });

  it('say how many were lost when there was no room, and go on', async () => {
    const kept = () => store.ledger.countDocuments({ type: 'OperatorActed' });
    const before = await kept();
    let isAway = true;
    const away = {
      hashAt: (entity: string, seq: number) => store.hashAt(entity, seq),
      insertInOrder: (records: Parameters<LedgerStore['insertInOrder']>[0]) =>
        isAway ? Promise.reject(new Error('away')) : store.insertInOrder(records),
    };
    const journal = new Journal(away, 'crowd', quiet, Date.now, 2_000);
    for (let n = 0; n < 2_100; n += 1) void journal.record(ANN, acted(n));
    await expect(journal.insist(ANN, acted(0))).rejects.toThrow('takes nothing');
    isAway = false;
    await eventually('room', async () => (await kept()) > before + 1_900, 30_000);
    await journal.insist(ANN, acted(1));
    const lost = await store.ledger.findOne({ type: 'FactsLost' });
    expect((openRecord({ canonical: lost?.canonical ?? '' }).data as { count: number }).count).toBeGreaterThanOrEqual(100);
    expect(await verifyLedger(store, { entity: lost?.entity ?? '' })).toMatchObject({ ok: true });
    await journal.close();
  }, 120_000);

  it('sum up who knocks a thousand times without a token', async () => {
    const journal = new Journal(store, 'edge', quiet);
    const refused = new RefusedTokens(journal);
    for (let n = 0; n < 1_000; n += 1) refused.add('expired');
    refused.tell();
    const told = await eventually('the sum', () => store.ledger.findOne({ type: 'TokensRefused' }));
    expect(openRecord({ canonical: told?.canonical ?? '' }).data).toEqual({ why: 'expired', times: 1_000 });
    await journal.close();
  });

  it('are copied for searching, and made anew when the copy is dropped', async () => {
    const relay = new Relay(store, { publish: () => Promise.resolve() });
    const relaying = relay.run();
    const total = await store.ledger.countDocuments();
    await eventually('the feed', async () => (await store.feed.countDocuments()) === total, 30_000);
    relay.stop();
    await relaying;
    const trail = new FactTrail(store.db, ['needId']);
    await trail.ensureIndexes();
    expect(await trail.catchUp(new FeedReader(store))).toBe(total);
    const page = await trail.list({ actorId: 'ann', type: 'OperatorActed', subject: '7', limit: 100 });
    expect(page.length).toBeGreaterThanOrEqual(16);
    await Promise.all(['factTrail', 'factTrailProgress'].map((name) => store.db.collection(name).drop()));
    expect(await trail.catchUp(new FeedReader(store))).toBe(total);
  }, 120_000);
});
