import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { EventRecord, RecordBody } from '@qiyue/engine';
import type { ConformanceCheck } from './check';
import { AGGREGATE, newId, recordsOf, textsOf } from './notebook';

/** What the checks fold: not the same when a record is folded twice, or in another order. */
export interface NotesView {
  readonly count: number;
  readonly texts: readonly string[];
}

/** The read model that an adapter is given: one fold, as a `ReadModel` has it. */
export interface NotesModel {
  readonly name: string;
  readonly aggregate: string;
  readonly version: number;
  /** One record more. Pure; throws on a record that it cannot take. */
  fold(view: NotesView | null, body: RecordBody): NotesView;
  readonly indexes: readonly Readonly<Record<string, 1 | -1>>[];
}

/** An entity in a read model, with everything that is stored of it. */
export interface ModelEntry {
  readonly seq: number;
  readonly hash: string;
  readonly view: NotesView;
}

/** What a store of read models promises to its projector and to whoever makes a model anew. */
export interface ModelUnderTest {
  /** Puts records where the ledger has them: what is missing is filled from there, and a rebuild reads there. */
  record(records: readonly EventRecord[]): Promise<void>;
  /** Folds records as they come off a topic. Resolves when they are stored, dropped or set aside. */
  apply(records: readonly EventRecord[]): Promise<void>;
  /** The stored document, every field that it has; null where there is none. */
  document(entity: string): Promise<ModelEntry | null>;
  /** Whether the entity waits for an operator. */
  isSetAside(entity: string): Promise<boolean>;
  /** Makes the whole model anew from the ledger. Resolves when the new one serves. */
  rebuild(): Promise<void>;
  /** Another writer of the same model, as a second process has one. */
  another(): Promise<ModelUnderTest>;
}

/** A record with this text cannot be folded. */
const POISON = 'poison';

const notes: NotesModel = {
  name: 'conformance',
  aggregate: AGGREGATE,
  version: 1,
  fold: (view, body) => {
    const { text } = body.data as { readonly text: string };
    if (text === POISON) throw new TypeError('planted: cannot be folded');
    return { count: (view?.count ?? 0) + 1, texts: [...(view?.texts ?? []), text] };
  },
  indexes: [{ 'view.count': 1 }],
};

type Check = (model: ModelUnderTest) => Promise<void>;

const AT_ONCE = 20;
const SPREAD_MS = 25;

const seqOf = async (model: ModelUnderTest, entity: string): Promise<number> => (await model.document(entity))?.seq ?? 0;
/** The document as bytes, so that an order of fields counts too. */
const bytesOf = async (model: ModelUnderTest, entity: string): Promise<string> => JSON.stringify(await model.document(entity));

/** That the document is what these records give, all of them. */
const holds = async (model: ModelUnderTest, entity: string, records: readonly EventRecord[]): Promise<void> => {
  const last = records.at(-1);
  const texts = records.map(({ canonical }) => (JSON.parse(canonical) as { readonly data: { readonly text: string } }).data.text);
  const { seq, hash, view } = (await model.document(entity)) ?? {};
  deepStrictEqual({ seq, hash, view }, { seq: last?.seq, hash: last?.hash, view: { count: texts.length, texts } });
};

const streamOf = (count: number, name?: string) => {
  const entity = newId();
  return { entity, records: recordsOf(entity, textsOf(count, name)) };
};

const CHECKS: Readonly<Record<string, Check>> = {
  'folds records in order of seq, part by part': async (model) => {
    const { entity, records } = streamOf(5);
    await model.record(records);
    for (const [from, to] of [[0, 1] as const, [1, 3] as const, [3, 5] as const]) await model.apply(records.slice(from, to));
    await holds(model, entity, records);
    strictEqual(await model.document(newId()), null);
  },

  'folds many entities out of one part': async (model) => {
    const streams = Array.from({ length: 8 }, () => streamOf(3));
    await model.record(streams.flatMap(({ records }) => records));
    await model.apply([0, 1, 2].flatMap((i) => streams.flatMap(({ records }) => records.slice(i, i + 1))));
    for (const { entity, records } of streams) await holds(model, entity, records);
  },

  'drops what it has folded already': async (model) => {
    const { entity, records } = streamOf(4);
    await model.record(records);
    await model.apply([...records.slice(0, 2), ...records.slice(0, 3)]);
    await model.apply(records);
    const before = await bytesOf(model, entity);
    for (const again of [records, records.slice(1, 2), records.slice(3)]) await model.apply(again);
    strictEqual(await bytesOf(model, entity), before);
    await holds(model, entity, records);
    strictEqual(await model.isSetAside(entity), false);
  },

  'fills a gap from the ledger': async (model) => {
    const { entity, records } = streamOf(6);
    await model.record(records);
    await model.apply(records.slice(2, 3));
    await holds(model, entity, records.slice(0, 3));
    await model.apply(records.slice(5));
    await holds(model, entity, records);
  },

  'sets an entity aside whose gap the ledger cannot fill, with its last good document': async (model) => {
    const { entity, records } = streamOf(4);
    await model.record(records.slice(0, 2));
    await model.apply(records.slice(0, 2));
    await model.apply(records.slice(3));
    strictEqual(await model.isSetAside(entity), true);
    await holds(model, entity, records.slice(0, 2));
  },

  'sets an entity aside at another record of a seq that it has folded': async (model) => {
    for (const seq of [3, 2]) {
      const { entity, records } = streamOf(3);
      await model.record(records);
      await model.apply(records);
      await model.apply(recordsOf(entity, textsOf(3, 'another')).slice(seq - 1, seq));
      strictEqual(await model.isSetAside(entity), true);
      await holds(model, entity, records);
    }
  },

  'sets an entity aside at a record that is not linked to the one before': async (model) => {
    const { entity, records } = streamOf(2);
    await model.record(records);
    await model.apply(records);
    await model.apply(recordsOf(entity, textsOf(3, 'another')).slice(2));
    strictEqual(await model.isSetAside(entity), true);
    await holds(model, entity, records);
  },

  'sets aside what cannot be folded, and goes on with the rest of the part': async (model) => {
    const [bad, good] = [newId(), streamOf(3)];
    const poisoned = recordsOf(bad, ['a', POISON, 'b']);
    await model.record([...poisoned, ...good.records]);
    await model.apply([...good.records.slice(0, 1), ...poisoned, ...good.records.slice(1)]);
    strictEqual(await model.isSetAside(bad), true);
    strictEqual(await model.isSetAside(good.entity), false);
    await holds(model, bad, poisoned.slice(0, 1));
    await holds(model, good.entity, good.records);
  },

  'folds nothing more into what is set aside': async (model) => {
    const entity = newId();
    const other = await model.another();
    const records = recordsOf(entity, ['a', 'b', 'c']);
    await model.apply(records.slice(0, 1));
    await model.apply(recordsOf(entity, ['x'])); // another first record
    strictEqual(await model.isSetAside(entity), true);
    await model.record(records);
    await model.apply(records.slice(1));
    await holds(model, entity, records.slice(0, 1));
    strictEqual(await other.isSetAside(entity), true);
  },

  'comes to the same, however many write at once': async (model) => {
    const writers = [model, await model.another(), await model.another()];
    const streams = Array.from({ length: 12 }, () => streamOf(6));
    await model.record(streams.flatMap(({ records }) => records));
    for (const [from, to] of [[0, 2] as const, [1, 4] as const, [2, 6] as const]) {
      const parts = writers.map((_, i) => streams.flatMap(({ records }) => records.slice(from, to - i)));
      await Promise.all(writers.map((writer, i) => writer.apply(parts[i] ?? [])));
    }
    for (const { entity, records } of streams) await holds(model, entity, records);
  },

  'makes the same bytes anew': async (model) => {
    const streams = Array.from({ length: 4 }, (_, i) => streamOf(i + 1));
    await model.record(streams.flatMap(({ records }) => records));
    for (const { records } of streams) await model.apply(records);
    const bytes = () => Promise.all(streams.map(({ entity }) => bytesOf(model, entity)));
    const before = await bytes();
    await model.rebuild();
    deepStrictEqual(await bytes(), before);
  },

  'holds after a rebuild what the ledger has, also what never came to it': async (model) => {
    const [part, none] = [streamOf(4), streamOf(2)];
    await model.record([...part.records, ...none.records]);
    await model.apply(part.records.slice(0, 2));
    await model.rebuild();
    for (const { entity, records } of [part, none]) await holds(model, entity, records);
  },

  'lets go on by a rebuild what was set aside for what has been mended': async (model) => {
    const { entity, records } = streamOf(3);
    await model.apply(records.slice(2)); // its gap is not in the ledger yet
    strictEqual(await model.isSetAside(entity), true);
    await model.record(records);
    await model.rebuild();
    strictEqual(await model.isSetAside(entity), false);
    await holds(model, entity, records);
  },

  'serves what it has until what is made anew is whole': async (model) => {
    const streams = Array.from({ length: 6 }, () => streamOf(2));
    await model.record(streams.flatMap(({ records }) => records));
    await model.apply(streams.flatMap(({ records }) => records));
    let isDone = false;
    const rebuilding = model.rebuild().finally(() => (isDone = true));
    const seen: number[] = [];
    while (!isDone) {
      for (const { entity } of streams) seen.push(await seqOf(model, entity));
    }
    await rebuilding;
    ok(seen.length > 0);
    strictEqual(Math.min(...seen), 2);
  },

  'loses nothing that comes while it is made anew': async (model) => {
    const streams = Array.from({ length: 80 }, () => streamOf(2));
    const put = async (records: readonly EventRecord[]): Promise<void> => {
      await model.record(records);
      await model.apply(records);
    };
    await put(streams.flatMap(({ records }) => records.slice(0, 1)));
    let isDone = false;
    const rebuilding = model.rebuild().finally(() => (isDone = true));
    for (const [i, { records }] of streams.entries()) {
      if (i >= AT_ONCE && !isDone) await new Promise((resolve) => setTimeout(resolve, SPREAD_MS)); // each at another moment of the rebuild
      await put(records.slice(1));
    }
    await rebuilding;
    for (const { entity, records } of streams) await holds(model, entity, records);
  },
};

/**
 * What every store of read models has to keep. `open` is given the model that is folded, and asked once for each check; it may always answer
 * the same store, since no check uses an entity that another has used. One check after the other: a rebuild may refuse a second one.
 */
export const modelChecks = (open: (model: NotesModel) => Promise<ModelUnderTest>): readonly ConformanceCheck[] =>
  Object.entries(CHECKS).map(([name, check]) => ({ name, run: async () => check(await open(notes)) }));
