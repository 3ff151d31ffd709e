import type { Collection } from 'mongodb';
import { openRecord } from '@qiyue/engine';
import { FeedReader } from '../feed/feed-reader';
import type { LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { ActiveModel, type ModelDocument, type ReadModel } from './model';
import { Projector } from './projector';
import { Quarantine } from './quarantine';

const WRITE_MAX = 500;
const CATCH_UP_MAX = 1_000;
/** Longer than any reader or writer may hold on to the old pointer. */
const SWAP_GRACE_MS = 1_500;

export interface RebuildProgress {
  readonly phase: 'fold' | 'catch-up' | 'swap';
  readonly records: number;
  readonly total: number;
}

export interface RebuildResult {
  readonly collection: string;
  readonly entities: number;
  readonly records: number;
  /** Documents in which the new model differs from the one it replaced; 0 unless the fold changed or something was wrong. */
  readonly changed: number;
}

/**
 * Makes a read model anew from the ledger while the old one serves, and swaps them at once. Documents depend on the
 * records only, so an unchanged fold gives byte-equal ones. Safe to be killed: nothing serves before the swap, and
 * what is behind after it is filled by the last catch-up, or by the projector's own gap rule.
 */
export const rebuildModel = async <V>(
  store: LedgerStore,
  model: ReadModel<V>,
  onProgress: (progress: RebuildProgress) => void,
): Promise<RebuildResult> => {
  const active = new ActiveModel<V>(store.db, model);
  const quarantine = new Quarantine(store.db, model.name);
  const oldName = (await active.pointer()).active;
  const newName = nextName(model.name, oldName);
  await store.db.collection(newName).drop();
  const fresh = await active.createCollection(newName);
  const reader = new FeedReader(store);
  const startPosition = await reader.headPosition();
  for (const { entity } of await quarantine.list()) await quarantine.release(entity);

  const folded = await foldLedger(store, model, fresh, quarantine, onProgress);
  const projector = new Projector<V>(model, { store, quarantine, active: { collection: () => Promise.resolve(fresh) } });
  const caughtUp = await catchUp(reader, projector, startPosition, onProgress);
  const changed = await countChanged(store.db.collection<ModelDocument<V>>(oldName), fresh);
  onProgress({ phase: 'swap', records: folded.records, total: folded.records });
  await active.swap(newName);
  await new Promise((resolve) => setTimeout(resolve, SWAP_GRACE_MS)); // batches that were under way to the old collection
  await catchUp(reader, projector, caughtUp, onProgress);
  await store.db.collection(oldName).drop();
  return { collection: newName, ...folded, changed };
};

const nextName = (model: string, old: string): string => `${model}_${Number(old.slice(model.length + 1)) + 1}`;

const foldLedger = async <V>(
  store: LedgerStore,
  model: ReadModel<V>,
  fresh: Collection<ModelDocument<V>>,
  quarantine: Quarantine,
  onProgress: (progress: RebuildProgress) => void,
): Promise<{ readonly entities: number; readonly records: number }> => {
  const total = await store.ledger.estimatedDocumentCount();
  let batch: ModelDocument<V>[] = [];
  let entities = 0;
  let records = 0;
  const write = async () => {
    if (batch.length > 0) await fresh.insertMany(batch as never[], { ordered: false });
    batch = [];
    onProgress({ phase: 'fold', records, total });
  };
  for await (const stream of streams(store, model.aggregate)) {
    records += stream.length;
    const document = await foldStream(model, stream, quarantine);
    if (document === null) continue;
    entities += 1;
    batch.push(document);
    if (batch.length >= WRITE_MAX) await write();
  }
  await write();
  return { entities, records };
};

/** Up to the last record that the fold can take; the rest sets the entity aside. */
const foldStream = async <V>(model: ReadModel<V>, stream: readonly LedgerDocument[], quarantine: Quarantine): Promise<ModelDocument<V> | null> => {
  let document: ModelDocument<V> | null = null;
  for (const { entity, seq, hash, canonical } of stream) {
    try {
      const view: V = model.fold(document?.view ?? null, openRecord({ canonical }));
      document = { _id: entity, seq, hash, view };
    } catch {
      await quarantine.add(entity, seq, 'the read model cannot take this record');
      return document;
    }
  }
  return document;
};

async function* streams(store: LedgerStore, aggregate: string): AsyncGenerator<readonly LedgerDocument[]> {
  let stream: LedgerDocument[] = [];
  for await (const document of store.ledger.find({ aggregate }).sort({ entity: 1, seq: 1 }).batchSize(1_000)) {
    if (stream.length > 0 && stream[0]?.entity !== document.entity) {
      yield stream;
      stream = [];
    }
    stream.push(document);
  }
  if (stream.length > 0) yield stream;
}

const catchUp = async <V>(
  reader: FeedReader,
  projector: Projector<V>,
  from: number,
  onProgress: (progress: RebuildProgress) => void,
): Promise<number> => {
  let position = from;
  for (;;) {
    const rows = await reader.after(position, CATCH_UP_MAX);
    if (rows.length === 0) return position;
    await projector.apply(rows.map(({ document }) => ({ body: openRecord(document), hash: document.hash })));
    position = rows.at(-1)?.position ?? position;
    onProgress({ phase: 'catch-up', records: position - from, total: position - from });
  }
};

/** Differences at the same seq: a document that the old model is merely behind on does not count. */
const countChanged = async <V>(old: Collection<ModelDocument<V>>, fresh: Collection<ModelDocument<V>>): Promise<number> => {
  let changed = 0;
  const walk = fresh.find({}).sort({ _id: 1 }).batchSize(WRITE_MAX);
  for (let page = await take(walk, WRITE_MAX); page.length > 0; page = await take(walk, WRITE_MAX)) {
    const before = await old.find({ _id: { $in: page.map(({ _id }) => _id) } } as object).toArray();
    const texts = new Map(before.map((document) => [`${document._id}:${document.seq}`, JSON.stringify(document)]));
    changed += page.filter(
      (document) => (texts.get(`${document._id}:${document.seq}`) ?? JSON.stringify(document)) !== JSON.stringify(document),
    ).length;
  }
  return changed;
};

const take = async <T>(walk: { next(): Promise<T | null> }, max: number): Promise<T[]> => {
  const page: T[] = [];
  while (page.length < max) {
    const item = await walk.next();
    if (item === null) break;
    page.push(item);
  }
  return page;
};
