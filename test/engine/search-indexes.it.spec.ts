import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT, FactTrail, Journal } from '@qiyue/audit';
import type { Actor } from '@qiyue/engine';
import { FeedReader, LedgerStore, Relay, Trail, type CommandDocument } from '@qiyue/engine-runtime';
import { eventually, freshStore, serversFromEnv } from '@qiyue/testkit';
import { MongoClient, type CommandStartedEvent, type Db } from 'mongodb';

const COUNT = 1_000;
const LIMIT = 10;
const START_MS = Date.parse('2024-07-01T00:00:00Z');
const atOf = (n: number): string => new Date(START_MS + n * 60_000).toISOString().replace('Z', '+08:00');
const actorOf = (n: number): Actor => ({ id: `actor${n % 5}`, role: 'department', unit: `unit${n % 3}` });

interface Explained {
  readonly queryPlanner: { readonly winningPlan: object };
  readonly executionStats: { readonly totalDocsExamined: number; readonly nReturned: number };
}

/** What the server does with the queries that `ask` sends to `db`: by the server's own account. */
const explain = async (db: Db, client: MongoClient, ask: () => Promise<unknown>): Promise<Explained> => {
  const sent: CommandStartedEvent[] = [];
  const listen = (event: CommandStartedEvent): void => void (event.commandName === 'find' && sent.push(event));
  client.on('commandStarted', listen);
  await ask();
  client.off('commandStarted', listen);
  expect(sent).toHaveLength(1);
  const { find, filter, sort, limit } = sent[0]?.command ?? {};
  return (await db.command({ explain: { find, filter, sort, limit }, verbosity: 'executionStats' })) as Explained;
};

describe('what supervisors search by', () => {
  let fresh: Awaited<ReturnType<typeof freshStore>>;
  let client: MongoClient;
  let db: Db;
  beforeAll(async () => {
    fresh = await freshStore();
    client = new MongoClient(serversFromEnv().mongodb, { monitorCommands: true });
    db = client.db(fresh.store.db.databaseName);
  });
  afterAll(async () => {
    await client.close();
    await fresh.drop();
  });

  /** As many documents are looked at as are answered, and the one at a page's border: none is skipped, none is sorted. */
  const expectIndexed = ({ queryPlanner, executionStats }: Explained, most = LIMIT + 1): void => {
    expect(JSON.stringify(queryPlanner.winningPlan)).not.toMatch(/COLLSCAN|"SORT"/);
    expect(executionStats.nReturned).toBeGreaterThan(0);
    expect(executionStats.totalDocsExamined).toBeLessThanOrEqual(most);
  };

  describe('commands', () => {
    let trail: Trail;
    beforeAll(async () => {
      trail = new Trail(db);
      await trail.ensureIndexes();
      const rows = Array.from({ length: COUNT }, (_, n): CommandDocument => ({
        ...{ _id: `c${n}`, aggregate: 'need', entity: `need${n % 7}`, type: n % 2 === 0 ? 'claim' : 'fund', fingerprint: 'f' },
        ...{ actor: actorOf(n), channel: 'http', receivedAt: atOf(n), notedAt: new Date(START_MS + n) },
        ...(n % 10 === 0 ? { state: 'refused', code: 'too-late' } : { state: 'accepted' }),
      }));
      await fresh.store.commands.insertMany(rows);
      expect(await trail.catchUp(fresh.store)).toBe(COUNT);
    }, 60_000);

    it.each([
      ['nothing', {}],
      ['an actor', { actorId: 'actor3' }],
      ['a unit', { unit: 'unit1' }],
      ['a kind of command', { command: 'fund' }],
      ['a need', { entity: 'need4' }],
      ['an outcome', { state: 'refused' as const }],
      ['a reason', { code: 'too-late' }],
      ['dates', { from: atOf(100), to: atOf(200) }],
      ['what an actor did between two dates', { actorId: 'actor3', from: atOf(100), to: atOf(200) }],
      ['a page far behind', { actorId: 'actor3', after: { at: atOf(103), id: 'c103' } }],
    ])('by %s are read from an index', async (_, query) => {
      expectIndexed(await explain(db, client, () => trail.list({ ...query, limit: LIMIT })));
    });
  });

  describe('facts', () => {
    let trail: FactTrail;
    let middle: { readonly at: string; readonly id: string };
    beforeAll(async () => {
      trail = new FactTrail(db, ['needId']);
      await trail.ensureIndexes();
      const store = new LedgerStore(fresh.store.db, AUDIT);
      await store.ensureIndexes();
      const relay = new Relay(store, { publish: () => Promise.resolve() });
      const relaying = relay.run();
      const journal = new Journal(store, 'api', { warn: () => undefined });
      const facts = Array.from({ length: COUNT }, (_, n) =>
        n % 2 === 0
          ? ({ type: 'PersonalDataSeen', data: { needId: `need${n % 7}`, fields: ['contact'] } } as const)
          : ({ type: 'OperatorActed', data: { action: `action${n % 3}`, on: `r-${n % 5}` } } as const),
      );
      await Promise.all(facts.map((fact, n) => journal.insist(actorOf(n), fact)));
      await journal.close();
      let copied = 0;
      await eventually('all facts in the trail', async () => (copied += await trail.catchUp(new FeedReader(store))) > COUNT, 30_000);
      relay.stop();
      await relaying;
      const all = await trail.list({ limit: COUNT });
      middle = { at: all[COUNT / 2]?.at ?? '', id: all[COUNT / 2]?.id ?? '' };
    }, 60_000);

    it.each([
      ['nothing', {}],
      ['an actor', { actorId: 'actor3' }],
      ['a unit', { unit: 'unit1' }],
      ['a kind', { type: 'PersonalDataSeen' }],
      ['a need', { needId: 'need4' }],
      ['whom it was done to', { subject: 'r-1' }],
      ['a reason', { code: 'action1' }],
      ['dates', { from: '2024-01-01T00:00:00+08:00' }],
    ])('by %s are read from an index', async (_, query) => {
      expectIndexed(await explain(db, client, () => trail.list({ ...query, limit: LIMIT })));
    });

    it('by a page far behind are read from an index', async () => {
      // Facts of one instant lie on the border of the page.
      expectIndexed(await explain(db, client, () => trail.list({ after: middle, limit: LIMIT })), COUNT / 2);
    });
  });

  it('a need’s records up to a seq are read from an index', async () => {
    const plan = await explain(db, client, () => new LedgerStore(db).stream('need-of-nobody'));
    expect(JSON.stringify(plan.queryPlanner.winningPlan)).not.toMatch(/COLLSCAN|"SORT"/);
  });
});
