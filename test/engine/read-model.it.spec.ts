import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openRecord, type RecordBody } from '@qiyue/engine';
import {
  ActiveModel,
  ModelIsNewer,
  Projector,
  Quarantine,
  rebuildModel,
  RebuildUnderWay,
  releaseEntity,
  RULES_UNKNOWN,
  type LedgerDocument,
  type LedgerStore,
  type ReadModel,
  type ReceivedRecord,
} from '@qiyue/engine-runtime';
import { eventually, freshStore, notedStream } from '@qiyue/testkit';

interface View {
  readonly notes: readonly string[];
  readonly extra?: unknown;
}

const nested = (levels: number): object => Array.from({ length: levels }).reduce<object>((inner) => ({ a: inner }), {});

/** What a record may make of a document that no database takes, by what its note says. */
const EXTRAS: Readonly<Record<string, () => unknown>> = {
  'too large': () => 'x'.repeat(17_000_000),
  'too deep': () => nested(300),
  'far too deep': () => nested(50_000),
  'a bad name': () => ({ ['a\u0000b']: 1 }),
  'a fold that throws': () => {
    throw new TypeError('no such field');
  },
};

const model: ReadModel<View> = {
  name: 'notes',
  aggregate: 'need',
  version: 1,
  fold: (view: View | null, body: RecordBody): View => {
    const { note } = body.data as { readonly note: string };
    const extra = EXTRAS[note]?.() ?? view?.extra;
    return { notes: [...(view?.notes ?? []), note], ...(extra === undefined ? {} : { extra }) };
  },
  indexes: [],
};
const silent = () => undefined;

describe('a read model', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let quarantine: Quarantine;
  beforeEach(async () => {
    ({ store, drop } = await freshStore());
    quarantine = new Quarantine(store.db, model.name);
  });
  afterEach(() => drop());

  const active = (of: ReadModel<View> = model) => new ActiveModel<View>(store.db, of);
  const projector = (of: ReadModel<View> = model) => new Projector(of, { store, quarantine, active: active(of) });
  const received = (documents: readonly LedgerDocument[]): readonly ReceivedRecord[] =>
    documents.map((document) => ({ body: openRecord(document), hash: document.hash }));
  const seqs = async (): Promise<Readonly<Record<string, number>>> => {
    const documents = await (await active().collection()).find({}).sort({ _id: 1 }).toArray();
    return Object.fromEntries(documents.map(({ _id, seq }) => [_id, seq]));
  };
  const feedAll = (documents: readonly LedgerDocument[]) =>
    store.feed.insertMany(documents.map(({ entity, seq }, i) => ({ _id: i + 1, entity, seq })));
  const said = (notes: readonly string[]) => (seq: number) => notes[seq - 1] ?? '';

  describe.each(Object.keys(EXTRAS))('that cannot take a record: %s', (note) => {
    const bad = notedStream('bad', 3, said(['', note, '']));
    const good = ['good1', 'good2', 'good3'].map((entity) => notedStream(entity, 2));

    it('sets aside its entity in that model, and nothing else', async () => {
      await projector().apply(received([...(good[0] ?? []), ...bad.slice(0, 1), ...(good[1] ?? [])]));
      await projector().apply(received([...bad.slice(1, 2), ...(good[2] ?? [])]));
      await projector().apply(received(bad.slice(2)));
      expect(await seqs()).toEqual({ bad: 1, good1: 2, good2: 2, good3: 2 });
      expect((await quarantine.list()).map(({ entity, seq }) => [entity, seq])).toEqual([['bad', 2]]);
    });

    it('is rebuilt without it', async () => {
      const all = [...good.flat(), ...bad];
      await store.insertInOrder(all);
      await feedAll(all);
      const { setAside } = await rebuildModel(store, model, silent);
      expect(setAside).toEqual([{ entity: 'bad', seq: expect.any(Number), why: expect.any(String) }]);
      expect(await seqs()).toMatchObject({ good1: 2, good2: 2, good3: 2 });
      expect((await quarantine.list()).map(({ entity }) => entity)).toEqual(['bad']);
    });
  });

  it('sets aside an entity whose missing record cannot be read, and lets it go on once it can', async () => {
    const stream = notedStream('bad', 3);
    await store.insertInOrder([...stream, ...notedStream('good', 1)]);
    await store.ledger.updateOne({ _id: 'bad:2' }, { $set: { canonical: '{' } });
    await projector().apply(received([...stream.slice(0, 1), ...stream.slice(2), ...notedStream('good', 1)]));
    expect(await seqs()).toEqual({ bad: 1, good: 1 });
    expect(await quarantine.list()).toMatchObject([{ entity: 'bad', seq: 2 }]);
    await store.ledger.updateOne({ _id: 'bad:2' }, { $set: { canonical: stream[1]?.canonical as string } });
    expect(await releaseEntity(model, { store, quarantine, active: active() }, 'bad')).toBe(true);
    expect(await seqs()).toEqual({ bad: 3, good: 1 });
    expect(await quarantine.list()).toEqual([]);
  });

  it('is rebuilt past a place of the feed that names no record, and past one that cannot be read', async () => {
    const late = [...notedStream('missing', 1), ...notedStream('unreadable', 1), ...notedStream('good', 2)];
    await store.insertInOrder(late);
    const broken: ReadModel<View> = { ...model, fold: (...step) => (void breakLate(), model.fold(...step)) };
    let isBroken: Promise<unknown> | null = null;
    const breakLate = () => (isBroken ??= feedAll(late));
    await store.ledger.updateOne({ _id: 'unreadable:1' }, { $set: { canonical: '' } });
    await store.ledger.deleteOne({ _id: 'missing:1' });
    await rebuildModel(store, broken, silent);
    expect(await seqs()).toEqual({ good: 2 });
    expect((await quarantine.list()).map(({ entity }) => entity).sort()).toEqual(['missing', 'unreadable']);
  });

  it('waits with an entity whose records know newer rules, and goes on by itself with a model that knows them', async () => {
    const stream = notedStream('n', 4, undefined, (seq) => (seq > 2 ? { rules: 2 } : {}));
    await store.insertInOrder(stream);
    await projector().apply(received([...stream, ...notedStream('good', 1)]));
    expect(await seqs()).toEqual({ good: 1, n: 2 });
    expect(await quarantine.list()).toMatchObject([{ entity: 'n', seq: 3, why: RULES_UNKNOWN, rules: 2 }]);
    expect(await quarantine.waitingForRules(1)).toEqual([]);
    expect(await quarantine.waitingForRules(2)).toEqual(['n']);
    const newer = { ...model, rules: 2 };
    expect(await releaseEntity(newer, { store, quarantine, active: active(newer) }, 'n')).toBe(true);
    expect(await seqs()).toEqual({ good: 1, n: 4 });
  });

  describe('rebuilt twice at once', () => {
    const entities = Array.from({ length: 60 }, (_, i) => `e${String(i).padStart(2, '0')}`);
    beforeEach(async () => {
      const all = entities.flatMap((entity) => notedStream(entity, 2));
      await store.insertInOrder(all);
      await feedAll(all);
      await rebuildModel(store, model, silent);
    });

    it('says so to the second, which finds the model of the first whole', async () => {
      const next = { ...model, version: 2 };
      const second: Promise<unknown>[] = [];
      const first = rebuildModel(store, next, () => second.push(rebuildModel(store, next, silent).catch((error: unknown) => error)));
      expect(await first).toMatchObject({ entities: 60, changed: 0 });
      const answers = await Promise.all(second);
      expect(answers.length).toBeGreaterThan(0);
      for (const answer of answers) expect(answer).toBeInstanceOf(RebuildUnderWay);
      expect(Object.keys(await seqs())).toEqual(entities);
      expect(await rebuildModel(store, next, silent)).toMatchObject({ entities: 60, changed: 0 });
      expect((await store.db.listCollections({ name: /^notes_\d+$/ }).toArray()).length).toBe(1);
    });

    it('is taken over from one that was killed, once its hold has ended', async () => {
      const pointers = store.db.collection<{ _id: string }>('models');
      const until = (ms: number) =>
        pointers.updateOne({ _id: 'notes' }, { $set: { rebuild: { owner: 'dead', version: 1, since: '', until: new Date(Date.now() + ms) } } });
      await until(60_000);
      await expect(rebuildModel(store, model, silent)).rejects.toBeInstanceOf(RebuildUnderWay);
      await until(-1);
      expect(await rebuildModel(store, model, silent)).toMatchObject({ entities: 60 });
    });

    it('is left alone by older programs: they neither rebuild it nor write into it', async () => {
      await rebuildModel(store, { ...model, version: 2 }, silent);
      await expect(rebuildModel(store, model, silent)).rejects.toBeInstanceOf(ModelIsNewer);
      await expect(projector().apply(received(notedStream('new', 1)))).rejects.toBeInstanceOf(ModelIsNewer);
      expect(await rebuildModel(store, model, silent, { overNewer: true })).toMatchObject({ entities: 60 });
      await eventually('the pointer to be looked at again', () =>
        projector()
          .apply(received(notedStream('new', 1)))
          .then(() => true),
      );
      expect(await seqs()).toMatchObject({ new: 1 });
    });
  });
});
