import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Trail, type CommandDocument, type LedgerStore, type TrailQuery } from '@qiyue/engine-runtime';
import { freshStore } from '@qiyue/testkit';

const START_MS = Date.parse('2024-07-01T00:00:00Z');
const atOf = (n: number): string => new Date(START_MS + n * 60_000).toISOString().replace('Z', '+08:00');

const row = (n: number, changes: Partial<CommandDocument> = {}): CommandDocument => ({
  ...{
    _id: `c${String(n).padStart(5, '0')}`,
    aggregate: 'need',
    entity: `need${n % 7}`,
    type: n % 2 === 0 ? 'claim' : 'fund',
    fingerprint: 'f',
    state: 'accepted',
  },
  ...{ actor: { id: `actor${n % 5}`, role: 'department', unit: n % 3 === 0 ? null : `unit${n % 3}` }, channel: 'http', receivedAt: atOf(n) },
  notedAt: new Date(START_MS + n),
  ...changes,
});

describe('the trail of commands', () => {
  let fresh: Awaited<ReturnType<typeof freshStore>>;
  let store: LedgerStore;
  let trail: Trail;
  const COUNT = 5_000; // more than two batches
  beforeAll(async () => {
    fresh = await freshStore();
    store = fresh.store;
    trail = new Trail(store.db);
    await trail.ensureIndexes();
    await store.commands.insertMany(Array.from({ length: COUNT }, (_, n) => row(n, n % 10 === 0 ? { state: 'refused', code: 'too-late' } : {})));
    expect(await trail.catchUp(store)).toBe(COUNT);
  }, 60_000);
  afterAll(() => fresh.drop());

  const all = Array.from({ length: COUNT }, (_, n) => n);
  const found = async (query: Partial<TrailQuery>): Promise<readonly string[]> =>
    (await trail.list({ limit: 2 * COUNT, ...query })).map(({ commandId }) => commandId);
  const expected = (is: (n: number) => boolean): readonly string[] =>
    all
      .filter(is)
      .map((n) => row(n)._id)
      .reverse();

  it.each<[string, Partial<TrailQuery>, (n: number) => boolean]>([
    ['everything', {}, () => true],
    ['an actor', { actorId: 'actor3' }, (n) => n % 5 === 3],
    ['a unit', { unit: 'unit1' }, (n) => n % 3 === 1],
    ['a kind of command', { command: 'fund' }, (n) => n % 2 === 1],
    ['a need', { entity: 'need4' }, (n) => n % 7 === 4],
    ['what was refused', { state: 'refused' }, (n) => n % 10 === 0],
    ['a reason', { code: 'too-late' }, (n) => n % 10 === 0],
    ['a time', { from: atOf(100), to: atOf(200) }, (n) => n >= 100 && n < 200],
    ['an actor within a time', { actorId: 'actor1', from: atOf(10), to: atOf(20) }, (n) => n === 11 || n === 16],
  ])('is searched by %s, newest first', async (_, query, is) => {
    expect(await found(query)).toEqual(expected(is));
  });

  it('is read page by page', async () => {
    const first = await trail.list({ unit: 'unit2', limit: 10 });
    const last = first.at(-1);
    const second = await trail.list({ unit: 'unit2', limit: 10, after: { at: last?.at ?? '', id: last?.commandId ?? '' } });
    expect([...first, ...second].map(({ commandId }) => commandId)).toEqual(expected((n) => n % 3 === 2).slice(0, 20));
  });

  it('takes what is new, and what became of a command that was waiting; the same again is nothing', async () => {
    expect(await trail.catchUp(store)).toBe(0);
    await store.commands.insertOne(row(COUNT, { state: 'pending' }));
    expect(await trail.catchUp(store)).toBe(1);
    await store.commands.updateOne({ _id: row(COUNT)._id }, { $set: { state: 'dead', code: 'bad-token', notedAt: new Date(START_MS + COUNT + 9) } });
    expect(await trail.catchUp(store)).toBe(1);
    expect((await trail.list({ limit: 1 }))[0]).toMatchObject({
      commandId: row(COUNT)._id,
      state: 'dead',
      code: 'bad-token',
      actorId: 'actor0',
      unit: 'unit2',
    });
  });

  it('goes on where another process stopped, and sees a row that was noted a little late', async () => {
    await store.commands.insertOne(row(COUNT + 1, { notedAt: new Date(START_MS + COUNT - 2_000) }));
    const another = new Trail(store.db);
    await another.catchUp(store);
    expect((await another.list({ limit: 1 }))[0]?.commandId).toBe(row(COUNT + 1)._id);
    expect(await found({})).toHaveLength(COUNT + 2);
  });

  it('holds each command once, however often it is made anew', async () => {
    await store.db.collection('trailProgress').deleteMany({});
    await new Trail(store.db).catchUp(store);
    expect(await found({})).toHaveLength(COUNT + 2);
  });
});
