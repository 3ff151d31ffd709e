import { deepStrictEqual as equal } from 'node:assert';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BSON, MongoNetworkError, type ClientSession, type Db, type MongoClient } from 'mongodb';
import { openRecord, type RecordBody } from '@qiyue/engine';
import {
  ActiveKeys,
  LedgerStore,
  ModelIsNewer,
  projected,
  RebuildUnderWay,
  RULES_UNKNOWN,
  type KeyedModel,
  type KeyedSource,
  type LedgerDocument,
  type ProjectedModel,
  type ReceivedRecord,
} from '@qiyue/engine-runtime';
import { eventually, freshStore, notedStream } from '@qiyue/testkit';

interface Owed {
  readonly unit: string | null;
  readonly year: number;
  readonly fen: number;
}
const owed = (state: Owed | null, { data }: RecordBody): Owed => {
  const [unit = '', year = 0, fen = 0] = (data as { readonly note: string }).note.split(' ');
  if (unit === 'throws') throw new TypeError('no such field');
  return { unit: unit === 'none' ? null : unit, year: Number(year), fen: (state?.fen ?? 0) + Number(fen) };
};
const keyOf = ({ unit, year }: Owed) => ({ unit: String(unit), year });

/** Needs that a unit has and what is spent on them, beside what the unit may spend in that year. */
const needs: KeyedSource<Owed> = {
  aggregate: 'need',
  fold: owed,
  partsOf: (state) => (state.unit === null ? [] : [{ key: keyOf(state), sums: { open: 1, spentFen: state.fen } }]),
};
const unitYears: KeyedSource<Owed> = {
  aggregate: 'unit-year',
  fold: owed,
  partsOf: (state) => [{ key: keyOf(state), sums: { budgetFen: state.fen } }],
};
const model: KeyedModel = { name: 'board', version: 1, indexes: [{ 'key.year': 1, 'key.unit': 1 }], sources: [needs, unitYears] };

const need = (entity: string, ...said: readonly string[]) => notedStream(entity, said.length, (seq) => said[seq - 1] ?? '');
const unitYear = (entity: string, ...said: readonly string[]) =>
  notedStream(
    entity,
    said.length,
    (seq) => said[seq - 1] ?? '',
    () => ({ aggregate: 'unit-year' }),
  );
const received = (documents: readonly LedgerDocument[]): readonly ReceivedRecord[] =>
  documents.map((document) => ({ body: openRecord(document), hash: document.hash }));

describe('a keyed model', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let board: ProjectedModel;
  beforeEach(async () => {
    ({ store, drop } = await freshStore());
    board = projected(store, model);
  });
  afterEach(() => drop());

  const sums = async (of: KeyedModel = model): Promise<Readonly<Record<string, object>>> => {
    const documents = await (await new ActiveKeys(store.db, of).collection()).find({}).sort({ _id: 1 }).toArray();
    return Object.fromEntries(documents.map(({ key, sums }) => [`${key['unit']} ${key['year']}`, sums]));
  };
  /** All documents that serve, as they are kept. */
  const bytes = async (name = 'board'): Promise<readonly string[]> => {
    const { active } = (await store.db.collection<{ _id: string; active: string }>('models').findOne({ _id: name })) ?? { active: '' };
    const collections = [active, `${active}_parts`].map((each) => store.db.collection(each).find({}).sort({ _id: 1 }).toArray());
    return (await Promise.all(collections)).flat().map((document) => Buffer.from(BSON.serialize(document)).toString('hex'));
  };
  const aside = async () => (await board.quarantine.list()).map(({ entity, seq, why }) => [entity, seq, why]);
  const collections = async () => (await store.db.listCollections({ name: /^board_/ }).toArray()).map(({ name }) => name).sort();
  let fed = 0;
  const feed = async (documents: readonly LedgerDocument[]): Promise<void> => {
    await store.insertInOrder(documents);
    await store.feed.insertMany(documents.map(({ entity, seq }) => ({ _id: (fed += 1), entity, seq })));
  };
  beforeEach(() => void (fed = 0));

  it('sums what entities of several aggregates give, and takes back what they give no more', async () => {
    const records = [
      ...[...need('a', 'water 2024 5', 'water 2024 2', 'roads 2024 0'), ...need('b', 'water 2024 1'), ...need('c', 'roads 2025 0', 'none')],
      ...[...unitYear('w', 'water 2024 100', 'water 2024 -40'), ...unitYear('x', 'parks 2024 0')],
    ];
    await board.apply(received(records.filter(({ seq }) => seq === 1)));
    expect(await sums()).toEqual({ 'roads 2025': { open: 1 }, 'water 2024': { budgetFen: 100, open: 2, spentFen: 6 } });
    await board.apply(received(records.filter(({ seq }) => seq > 1)));
    expect(await sums()).toEqual({ 'roads 2024': { open: 1, spentFen: 7 }, 'water 2024': { budgetFen: 60, open: 1, spentFen: 1 } });
    expect([board.name, board.version, board.aggregates]).toEqual(['board', 1, ['need', 'unit-year']]);
  });

  describe('whatever comes twice, late, or to two at once', () => {
    const note = fc.tuple(fc.constantFrom('water', 'roads', 'none'), fc.constantFrom('2024', '2025'), fc.integer({ min: -3, max: 3 }));
    const lives = fc.array(fc.array(note, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    const turns = fc.array(fc.record({ entity: fc.nat(4), back: fc.nat(3), ends: fc.boolean(), second: fc.boolean() }), { maxLength: 25 });
    let run = 0;

    it('comes to the documents of a straight fold', async () => {
      await fc.assert(
        fc.asyncProperty(lives, turns, async (notes, order) => {
          run += 1;
          const [straight, mixed] = ['straight', 'mixed'].map((name) => ({ ...model, name: `${name}${run}` })) as [KeyedModel, KeyedModel];
          const streams = notes.map((said, i) => need(`e${run}-${i}`, ...said.map((numbers) => numbers.join(' '))));
          await store.ledger.insertMany(streams.flat());
          for (const stream of streams) await projected(store, straight).apply(received(stream));
          const two = [projected(store, mixed), projected(store, mixed)] as const;
          const batches: [LedgerDocument[], LedgerDocument[]] = [[], []];
          const next = streams.map(() => 0);
          for (const { entity, back, ends, second } of order) {
            const i = entity % streams.length;
            const upTo = (next[i] ?? 0) + 1;
            batches[second ? 1 : 0].push(...(streams[i] ?? []).slice(Math.max(0, upTo - 1 - back), upTo));
            next[i] = upTo;
            if (ends) await Promise.all(two.map((each, j) => each.apply(received(batches[j as 0 | 1].splice(0)))));
          }
          await Promise.all(two.map((each, j) => each.apply(received([...batches[j as 0 | 1], ...streams.flat()]))));
          equal(await bytes(mixed.name), await bytes(straight.name));
        }),
        { numRuns: 12, seed: 20_240_701 },
      );
      expect(run).toBeGreaterThanOrEqual(12);
    });

    it('counts each record once while two write to the same keys at once', async () => {
      const streams = Array.from({ length: 60 }, (_, i) =>
        need(`e${i}`, ...Array.from({ length: 6 }, (__, seq) => `${seq % 2 === 0 ? 'water' : 'roads'} 2024 1`)),
      );
      await store.ledger.insertMany(streams.flat());
      const rounds = Array.from({ length: 6 }, (_, seq) => streams.flatMap((stream) => stream[seq] ?? []));
      const readers = [projected(store, model), projected(store, model), projected(store, model)];
      await Promise.all(
        readers.map(async (reader, turn) => {
          for (const round of rounds) {
            const turned = [...round.slice(turn * 20), ...round.slice(0, turn * 20)];
            for (let from = 0; from < turned.length; from += 15) await reader.apply(received(turned.slice(from, from + 15)));
          }
        }),
      );
      expect(await sums()).toEqual({ 'roads 2024': { open: 60, spentFen: 360 } });
      expect(await board.compare()).toEqual({ ok: true, compared: 60, differing: [], keys: [] });
      expect(await aside()).toEqual([]);
    });

    it('does not go back when another was faster', async () => {
      const stream = need('a', 'water 2024 1', 'water 2024 1', 'roads 2024 1', 'parks 2024 1');
      await store.ledger.insertMany([...stream]);
      await board.apply(received(stream.slice(0, 1)));
      class Overtaken extends LedgerStore {
        override async stream(...range: Parameters<LedgerStore['stream']>): Promise<LedgerDocument[]> {
          await board.apply(received(stream));
          return super.stream(...range);
        }
      }
      await projected(new Overtaken(store.db), model).apply(received(stream.slice(2, 3))); // has read seq 1, and looks for what is missing
      expect(await sums()).toEqual({ 'parks 2024': { open: 1, spentFen: 4 } });
      expect(await board.compare()).toEqual({ ok: true, compared: 1, differing: [], keys: [] });
    });
  });

  describe('of a process that is gone in the middle', () => {
    /** The same database for a process that does this instead of its first commit. */
    const withCommit = (commit: (session: ClientSession) => Promise<void>): LedgerStore => {
      const withSession: MongoClient['withSession'] = (work: unknown) =>
        store.db.client.withSession((session) => {
          const own = session.commitTransaction.bind(session);
          session.commitTransaction = () => commit(Object.assign(session, { commitTransaction: own }));
          return (work as (session: ClientSession) => Promise<never>)(session);
        });
      const ofDb = (db: Db, name: string | symbol): unknown => {
        const value: unknown = name === 'client' ? { withSession } : Reflect.get(db, name, db);
        return typeof value === 'function' ? (value as () => unknown).bind(db) : value;
      };
      return new LedgerStore(new Proxy(store.db, { get: ofDb }));
    };
    const stream = need('a', 'water 2024 5', 'water 2024 2', 'roads 2024 0');
    beforeEach(async () => {
      await store.ledger.insertMany([...stream]);
      await board.apply(received(stream.slice(0, 1)));
    });

    it('shows nothing of what it had not ended, and goes on with another within seconds', async () => {
      let isAtCommit = false;
      const dies = (): Promise<void> => ((isAtCommit = true), new Promise(() => undefined)); // as the server sees one that was killed: open, and silent
      void projected(withCommit(dies), model).apply(received(stream));
      await eventually('all to be written but the commit', () => isAtCommit);
      expect(await sums()).toEqual({ 'water 2024': { open: 1, spentFen: 5 } });
      expect(await board.compare()).toMatchObject({ ok: true });
      await board.apply(received([...stream, ...need('b', 'roads 2024 1')]));
      expect(await sums()).toEqual({ 'roads 2024': { open: 2, spentFen: 8 } });
      expect(await aside()).toEqual([]);
    });

    it('counts what it had ended once, also when it did not hear of it', async () => {
      const commits = async (session: ClientSession): Promise<void> => {
        await session.commitTransaction();
        throw new MongoNetworkError('gone');
      };
      await projected(withCommit(commits), model)
        .apply(received(stream))
        .catch(() => undefined);
      expect(await sums()).toEqual({ 'roads 2024': { open: 1, spentFen: 7 } });
      await board.apply(received(stream));
      expect(await sums()).toEqual({ 'roads 2024': { open: 1, spentFen: 7 } });
    });
  });

  describe('rebuilt', () => {
    const entities = Array.from({ length: 40 }, (_, i) =>
      need(`e${i}`, `water ${2020 + (i % 4)} ${i}`, `roads ${2020 + (i % 3)} 1`, i % 5 === 0 ? 'none' : 'parks 2024 1'),
    );
    const first = [...entities.flatMap((stream) => stream.slice(0, 2)), ...unitYear('w', 'water 2020 7')];
    const later = [...entities.flatMap((stream) => stream.slice(2)), ...need('late', 'water 2020 3'), ...unitYear('late-w', 'water 2020 1')];

    it('gives the same bytes while the old documents serve and events go on', async () => {
      await feed(first);
      await board.apply(received(first));
      await store.db.collection('board_9').insertOne({ left: true });
      await store.db.collection('board_9_parts').insertOne({ left: true });
      const straight = { ...model, name: 'straight' };
      let meanwhile: Promise<unknown> | null = null;
      const goesOn = async (): Promise<void> => {
        const served = await sums();
        await feed(later);
        await board.apply(received(later));
        expect(served).toHaveProperty(['water 2020']);
      };
      const result = await board.rebuild(() => void (meanwhile ??= goesOn()));
      await meanwhile;
      expect(result).toEqual({ collection: 'board_2', entities: expect.any(Number), records: expect.any(Number), changed: 0, setAside: [] });
      for (const records of [first, later]) await projected(store, straight).apply(received(records));
      expect(await bytes()).toEqual(await bytes('straight'));
      expect(await collections()).toEqual(['board_2', 'board_2_parts']);
      expect(await board.compare()).toMatchObject({ ok: true, compared: 43 });
    });

    it('says so to a second, gives way to a newer version, and is brought up to date once', async () => {
      await feed(first);
      await board.apply(received(first));
      const second: Promise<unknown>[] = [];
      await board.rebuild(() => second.push(board.rebuild().catch((error: unknown) => error)));
      for (const answer of await Promise.all(second)) expect(answer).toBeInstanceOf(RebuildUnderWay);
      const newer = projected(store, { ...model, version: 2, sources: [needs] });
      const seen: number[] = [];
      expect(await newer.bringUpToDate((version) => seen.push(version))).toMatchObject({ entities: 40 });
      expect([await newer.bringUpToDate(), seen]).toEqual([null, [1]]);
      await expect(board.bringUpToDate()).rejects.toBeInstanceOf(ModelIsNewer);
      await expect(projected(store, model).apply(received(later))).rejects.toBeInstanceOf(ModelIsNewer);
      await expect(board.rebuild()).rejects.toBeInstanceOf(ModelIsNewer);
      expect(await board.rebuild(undefined, { overNewer: true })).toMatchObject({ entities: 41 });
    });
  });

  describe('held against the ledger', () => {
    beforeEach(async () => {
      const records = [
        ...need('a', 'water 2024 5', 'water 2024 2'),
        ...need('b', 'roads 2024 1'),
        ...need('c', 'parks 2024 1'),
        ...unitYear('w', 'water 2024 9'),
      ];
      await store.ledger.insertMany(records);
      await board.apply(received(records));
    });
    const keys = (): Promise<ReturnType<Db['collection']>> => new ActiveKeys(store.db, model).collection() as never;
    const key = (unit: string) => `{"unit":"${unit}","year":2024}`;

    it('is what the records give, also where it is a little behind', async () => {
      expect(await board.compare()).toEqual({ ok: true, compared: 4, differing: [], keys: [] });
      await store.ledger.insertMany(need('c', 'parks 2024 1', 'water 2024 8').slice(1));
      expect(await board.compare()).toEqual({ ok: true, compared: 4, differing: [], keys: [] });
    });

    it('shows each sum that was changed, made up or taken away', async () => {
      await (await keys()).updateOne({ _id: key('water') as never }, { $set: { 'sums.spentFen': 6 } });
      await (await keys()).deleteOne({ _id: key('roads') as never });
      await (await keys()).updateOne({ _id: key('parks') as never }, { $set: { 'key.unit': 'harbour' } });
      await (await keys()).insertOne({ _id: key('trees') as never, key: { unit: 'trees', year: 2024 }, sums: { open: 1 } });
      expect(await board.compare()).toEqual({
        ...{ ok: false, compared: 4, differing: [] },
        keys: [
          { key: key('parks'), shown: { open: 1, spentFen: 1 }, expected: { open: 1, spentFen: 1 } },
          { key: key('roads'), shown: null, expected: { open: 1, spentFen: 1 } },
          { key: key('trees'), shown: { open: 1 }, expected: null },
          { key: key('water'), shown: { budgetFen: 9, open: 1, spentFen: 6 }, expected: { budgetFen: 9, open: 1, spentFen: 7 } },
        ],
      });
      await board.rebuild();
      expect(await board.compare()).toMatchObject({ ok: true });
    });

    it('shows entities that were changed, made up or taken away, and the sums that are wrong by it', async () => {
      const parts = store.db.collection<{ _id: string }>('board_1_parts');
      await parts.updateOne({ _id: 'a' }, { $set: { 'view.parts.0.sums.spentFen': 70 } });
      await (await keys()).updateOne({ _id: key('water') as never }, { $set: { 'sums.spentFen': 70 } }); // the two agree, and both are wrong
      await parts.deleteOne({ _id: 'b' });
      const [made] = await parts.find({ _id: 'c' }).toArray();
      await parts.insertOne({ ...made, _id: 'd' });
      const { differing, keys: wrong } = await board.compare();
      expect(differing.map(({ entity, why }) => [entity, why])).toEqual([
        ['a', 'other'],
        ['b', 'missing'],
        ['d', 'nonexistent'],
      ]);
      expect(wrong.map((difference) => [difference.key, difference.expected])).toEqual([
        [key('roads'), null], // of an entity that is not there nothing is counted
        [key('water'), { budgetFen: 9, open: 1, spentFen: 7 }],
      ]);
    });

    it('takes no fright at what moves while it looks', async () => {
      const streams = Array.from({ length: 5 }, (_, i) => need(`m${i}`, ...Array.from({ length: 30 }, (__, seq) => `water 2024 ${seq}`)));
      await store.ledger.insertMany(streams.flat());
      let isOver = false;
      const moves = (async () => {
        for (let seq = 0; !isOver; seq += 1) await board.apply(received(streams.flatMap((stream) => stream.slice(seq % 30, (seq % 30) + 1))));
      })();
      const compared = await board.compare();
      isOver = true;
      await moves;
      expect(compared.keys).toEqual([]);
    });
  });

  describe('an entity that it cannot go on with', () => {
    const good = [...need('good', 'water 2024 1'), ...unitYear('w', 'water 2024 9')];

    it.each([
      ['its fold throws', 'throws'],
      ['what it gives is no whole number', 'water 2024 0.5'],
      ['what it gives is more than can be counted', `water 2024 ${Number.MAX_SAFE_INTEGER * 2}`],
      ['its key is none', 'water x 1'],
    ])('is set aside with its last parts, and the others are counted: %s', async (_, said) => {
      const bad = need('bad', 'water 2024 5', said, 'water 2024 1');
      await board.apply(received([...bad.slice(0, 1), ...good.slice(0, 1)]));
      await board.apply(received([...bad.slice(1), ...good.slice(1)]));
      expect(await sums()).toEqual({ 'water 2024': { budgetFen: 9, open: 2, spentFen: 6 } });
      expect(await aside()).toEqual([['bad', 2, expect.any(String)]]);
      await store.ledger.insertMany([...bad, ...good]);
      expect(await board.compare()).toMatchObject({ ok: true, compared: 3 });
      const { setAside } = await board.rebuild();
      expect(setAside).toEqual([{ entity: 'bad', seq: 2, why: expect.any(String) }]);
      expect(await sums()).toEqual({ 'water 2024': { budgetFen: 9, open: 2, spentFen: 6 } });
      expect(await board.release('bad')).toBe(false);
    });

    it('is the one that would bring a sum beyond what is exact, in a batch of many', async () => {
      const many = Array.from({ length: 30 }, (_, i) => need(`m${i}`, 'water 2024 1'));
      await board.apply(received([...many.flat(), ...need('max', `water 2024 ${Number.MAX_SAFE_INTEGER - 2}`), ...need('roads', 'roads 2024 1')]));
      expect(await sums()).toEqual({ 'roads 2024': { open: 1, spentFen: 1 }, 'water 2024': { open: 30, spentFen: 30 } });
      expect(await aside()).toEqual([['max', 1, expect.stringContaining('safe integer')]]);
    });

    it('is the one whose document no database takes, in a batch of many', async () => {
      const long = {
        ...needs,
        fold: (state: Owed | null, body: RecordBody) => ({ ...owed(state, body), ...(body.entity === 'm7' ? { more: 'x'.repeat(17_000_000) } : {}) }),
      };
      board = projected(store, { ...model, sources: [long] });
      await board.apply(received(Array.from({ length: 30 }, (_, i) => need(`m${i}`, 'water 2024 1')).flat()));
      expect(await sums()).toEqual({ 'water 2024': { open: 29, spentFen: 29 } });
      expect(await aside()).toEqual([['m7', 1, expect.stringContaining('does not take')]]);
    });

    it('is one with two histories; a gap is filled from the ledger', async () => {
      const stream = need('a', 'water 2024 1', 'water 2024 2', 'roads 2024 3');
      await store.ledger.insertMany([...stream, ...need('b', 'water 2024 1')]);
      await board.apply(received([...stream.slice(2), ...need('b', 'water 2024 1')]));
      expect(await sums()).toEqual({ 'roads 2024': { open: 1, spentFen: 6 }, 'water 2024': { open: 1, spentFen: 1 } });
      await board.apply(received([...need('a', 'water 2024 1', 'parks 2024 9').slice(1), ...need('b', 'water 2024 1', 'water 2024 2')]));
      expect(await aside()).toEqual([['a', 2, expect.stringContaining('fork')]]);
      expect(await sums()).toEqual({ 'roads 2024': { open: 1, spentFen: 6 }, 'water 2024': { open: 1, spentFen: 3 } });
    });

    it('waits while its records know newer rules than its source, and is known by aggregate once the program does', async () => {
      const newer = (aggregate: string) => (seq: number) => ({ aggregate, ...(seq > 1 ? { rules: 2 } : {}) });
      const streams = ['need', 'unit-year'].map((aggregate) => notedStream(aggregate, 3, (seq) => `water 2024 ${seq}`, newer(aggregate)));
      await store.ledger.insertMany(streams.flat());
      await board.apply(received(streams.flat()));
      expect(await aside()).toEqual(['need', 'unit-year'].map((entity) => [entity, 2, RULES_UNKNOWN]));
      expect(await sums()).toEqual({ 'water 2024': { budgetFen: 1, open: 1, spentFen: 1 } });
      expect(await board.waitingForKnownRules()).toEqual([]);
      const next = projected(store, { ...model, sources: [needs, { ...unitYears, rules: 2 }] });
      expect(await next.waitingForKnownRules()).toEqual(['unit-year']);
      expect(await next.release('unit-year')).toBe(true);
      expect(await sums()).toEqual({ 'water 2024': { budgetFen: 6, open: 1, spentFen: 1 } });
    });
  });
});
