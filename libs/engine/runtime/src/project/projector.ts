import { MongoBulkWriteError, type AnyBulkWriteOperation, type Collection } from 'mongodb';
import { openRecord } from '@qiyue/engine';
import type { ReceivedRecord } from '../feed/cloud-event';
import { Joiner } from '../joiner';
import type { LedgerStore } from '../ledger/ledger-store';
import type { ActiveModel, ModelDocument, ReadModel } from './model';
import type { Quarantine } from './quarantine';

const ATTEMPTS_MAX = 3;
const DUPLICATE_KEY = 11000;

export interface ProjectorPorts<V> {
  readonly store: LedgerStore;
  readonly active: Pick<ActiveModel<V>, 'collection'>;
  readonly quarantine: Pick<Quarantine, 'entities' | 'add'>;
}

/** Two histories, or a record that this fold cannot take: the entity is set aside with this reason. */
class Poison extends Error {
  constructor(
    readonly seq: number,
    readonly why: string,
  ) {
    super(why);
  }
}

/**
 * Folds records into a read model.
 *
 * Contract:
 * 1. Per entity by seq: lower with the same hash is dropped, lower with another is a fork, the next is applied, a gap is
 *    filled from the ledger.
 * 2. A document is replaced only at the seq it was read at, so two writers cannot undo each other.
 * 3. What an entity's records cannot be folded into sets that entity aside; the others of the batch go on.
 * 4. Batches that come while one is being applied are applied together: partitions share the round trips.
 */
export class Projector<V> {
  private readonly batches = new Joiner<readonly ReceivedRecord[], void>(async (batches) => {
    await this.applyAll(batches.flat());
    return batches.map(() => undefined);
  });

  constructor(
    private readonly model: ReadModel<V>,
    private readonly ports: ProjectorPorts<V>,
  ) {}

  apply(records: readonly ReceivedRecord[]): Promise<void> {
    return this.batches.add(records);
  }

  private async applyAll(records: readonly ReceivedRecord[]): Promise<void> {
    const aside = await this.ports.quarantine.entities();
    let pending = groupByEntity(records.filter(({ body }) => body.aggregate === this.model.aggregate && !aside.has(body.entity)));
    for (let attempt = 1; pending.size > 0; attempt += 1) {
      if (attempt > ATTEMPTS_MAX) throw new Error(`${this.model.name}: lost ${ATTEMPTS_MAX} write races`);
      pending = await this.applyOnce(pending);
    }
  }

  /** Answers what lost a race to another writer and has to be folded again. */
  private async applyOnce(groups: ReadonlyMap<string, readonly ReceivedRecord[]>): Promise<Map<string, readonly ReceivedRecord[]>> {
    const collection = await this.ports.active.collection();
    const found = await collection.find({ _id: { $in: [...groups.keys()] } } as object).toArray();
    const before = new Map(found.map((document) => [document._id, document as ModelDocument<V>]));
    const after: ModelDocument<V>[] = [];
    for (const [entity, records] of groups) {
      const old = before.get(entity) ?? null;
      const folded = await this.foldEntity(entity, old, records);
      if (folded !== null && folded !== old) after.push(folded);
    }
    const lost = await replaceAll(collection, after, before);
    const serving = await this.ports.active.collection();
    if (serving.collectionName !== collection.collectionName) return new Map(groups); // swapped meanwhile: once more, for the one that serves now
    return new Map([...lost].map((entity) => [entity, groups.get(entity) ?? []]));
  }

  private async foldEntity(entity: string, old: ModelDocument<V> | null, records: readonly ReceivedRecord[]): Promise<ModelDocument<V> | null> {
    let document = old;
    try {
      for (const record of records) document = await this.step(document, record);
      return document;
    } catch (error) {
      if (!(error instanceof Poison)) throw error;
      await this.ports.quarantine.add(entity, error.seq, error.why);
      return document;
    }
  }

  private async step(document: ModelDocument<V> | null, record: ReceivedRecord): Promise<ModelDocument<V> | null> {
    const expected = (document?.seq ?? 0) + 1;
    const { seq, entity } = record.body;
    if (seq < expected) {
      const known = seq === document?.seq ? document.hash : await this.ports.store.hashAt(entity, seq);
      if (known !== record.hash) throw new Poison(seq, 'fork: another record at this seq');
      return document;
    }
    const filled = seq > expected ? await this.fill(entity, document, expected, seq - 1) : document;
    return this.next(filled, record);
  }

  private async fill(entity: string, document: ModelDocument<V> | null, fromSeq: number, toSeq: number): Promise<ModelDocument<V> | null> {
    const missing = await this.ports.store.stream(entity, fromSeq, toSeq);
    if (missing.length !== toSeq - fromSeq + 1) throw new Poison(fromSeq, 'gap: the ledger does not hold it either');
    return missing.reduce<ModelDocument<V> | null>(
      (folded, { canonical, hash }) => this.next(folded, { body: openRecord({ canonical }), hash }),
      document,
    );
  }

  private next(document: ModelDocument<V> | null, { body, hash }: ReceivedRecord): ModelDocument<V> {
    if (document !== null && body.prevHash !== document.hash) throw new Poison(body.seq, 'fork: not linked to the record before');
    try {
      return { _id: body.entity, seq: body.seq, hash, view: this.model.fold(document?.view ?? null, body) };
    } catch {
      throw new Poison(body.seq, `the read model cannot take ${body.type}`);
    }
  }
}

const groupByEntity = (records: readonly ReceivedRecord[]): Map<string, readonly ReceivedRecord[]> => {
  const groups = new Map<string, ReceivedRecord[]>();
  for (const record of records) {
    const group = groups.get(record.body.entity);
    if (group) group.push(record);
    else groups.set(record.body.entity, [record]);
  }
  return groups;
};

/** Replaces each document at the seq it was read at. Answers the entities at which another writer was first. */
const replaceAll = async <V>(
  collection: Collection<ModelDocument<V>>,
  documents: readonly ModelDocument<V>[],
  before: ReadonlyMap<string, ModelDocument<V>>,
): Promise<ReadonlySet<string>> => {
  if (documents.length === 0) return new Set();
  const operations = documents.map((document) => {
    const old = before.get(document._id);
    return old === undefined ? { insertOne: { document } } : { replaceOne: { filter: { _id: document._id, seq: old.seq }, replacement: document } };
  }) as unknown as AnyBulkWriteOperation<ModelDocument<V>>[];
  let written: number;
  try {
    const result = await collection.bulkWrite(operations, { ordered: false });
    written = result.insertedCount + result.matchedCount;
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.code !== DUPLICATE_KEY) throw error;
    written = -1;
  }
  return written === documents.length ? new Set() : behind(collection, documents);
};

const behind = async <V>(collection: Collection<ModelDocument<V>>, documents: readonly ModelDocument<V>[]): Promise<ReadonlySet<string>> => {
  const ids = documents.map(({ _id }) => _id);
  const stored = await collection.find({ _id: { $in: ids } } as object, { projection: { seq: 1, hash: 1 } }).toArray();
  const hashes = new Map(stored.map(({ _id, hash }) => [String(_id), hash]));
  return new Set(documents.filter(({ _id, hash }) => hashes.get(_id) !== hash).map(({ _id }) => _id));
};
