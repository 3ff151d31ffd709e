import type { ReceivedRecord } from '../feed/cloud-event';
import { Batcher } from '../batcher';
import type { LedgerStore } from '../ledger/ledger-store';
import { foldRecord, Poison, receivedFrom } from './fold-record';
import { foldsOf, type AnyModel, type EntityFolds } from './entity-folds';
import type { ModelDocument, ServingCollection } from './model';
import type { Quarantine } from './quarantine';

const ATTEMPTS_MAX = 3;
/** So many documents are held at once, each of which may be some megabytes. */
const ENTITIES_AT_ONCE = 500;

/** Where a projector reads and writes. */
export interface ProjectorPorts<V> {
  readonly store: LedgerStore;
  readonly active: Pick<ServingCollection<ModelDocument<V>>, 'writable'>;
  readonly quarantine: Pick<Quarantine, 'entities' | 'add'>;
}

/**
 * Folds records into a read model.
 *
 * Contract:
 * 1. Per entity by seq: lower with the same hash is dropped, lower with another is a fork, the next is applied, a gap is
 *    filled from the ledger.
 * 2. A document is replaced only at the seq it was read at, so two writers cannot undo each other.
 * 3. Records that cannot be folded, whose rules this model does not know yet, or that give a document which the database does not take,
 *    set that entity aside; the others of the batch go on. Only a server that is away is waited for.
 * 4. Batches that come while one is being applied are applied together: partitions share the round trips.
 */
export class Projector<V> {
  private readonly batches = new Batcher<readonly ReceivedRecord[], void>(async (batches) => {
    await this.applyAll(batches.flat());
    return batches.map(() => undefined);
  });

  private readonly model: EntityFolds<V>;

  constructor(
    model: AnyModel<V>,
    private readonly ports: ProjectorPorts<V>,
  ) {
    this.model = foldsOf(model);
  }

  /** Resolves when the records are stored, dropped or set aside. Rejects when a server is away: the same may come again. */
  apply(records: readonly ReceivedRecord[]): Promise<void> {
    return this.batches.add(records);
  }

  private async applyAll(records: readonly ReceivedRecord[]): Promise<void> {
    const aside = await this.ports.quarantine.entities();
    const groups = [...groupByEntity(records.filter(({ body }) => this.model.byAggregate.has(body.aggregate) && !aside.has(body.entity)))];
    for (let from = 0; from < groups.length; from += ENTITIES_AT_ONCE) await this.applyGroups(new Map(groups.slice(from, from + ENTITIES_AT_ONCE)));
  }

  private async applyGroups(groups: ReadonlyMap<string, readonly ReceivedRecord[]>): Promise<void> {
    let pending = groups;
    for (let attempt = 1; pending.size > 0; attempt += 1) {
      if (attempt > ATTEMPTS_MAX) throw new Error(`${this.model.name}: lost ${ATTEMPTS_MAX} write races`);
      pending = await this.applyOnce(pending);
    }
  }

  /** Answers what lost a race to another writer and has to be folded again. */
  private async applyOnce(groups: ReadonlyMap<string, readonly ReceivedRecord[]>): Promise<Map<string, readonly ReceivedRecord[]>> {
    const collection = await this.ports.active.writable();
    const found = await collection.find({ _id: { $in: [...groups.keys()] } } as object).toArray();
    const before = new Map(found.map((document) => [document._id, document as ModelDocument<V>]));
    const after: ModelDocument<V>[] = [];
    for (const [entity, records] of groups) {
      const old = before.get(entity) ?? null;
      const folded = await this.foldEntity(entity, old, records);
      if (folded !== null && folded !== old) after.push(folded);
    }
    const { lost, refused } = await this.model.write(collection, after, before, this.ports.store.db);
    for (const [entity, why] of refused) await this.ports.quarantine.add(entity, seqOf(after, entity), why);
    const serving = await this.ports.active.writable();
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
      await this.ports.quarantine.add(entity, error.seq, error.why, error.rules);
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
    return missing.reduce<ModelDocument<V> | null>((folded, record) => this.next(folded, receivedFrom(record)), document);
  }

  private next(document: ModelDocument<V> | null, { body, hash }: ReceivedRecord): ModelDocument<V> {
    const fold = this.model.byAggregate.get(body.aggregate);
    if (fold === undefined) throw new Poison(body.seq, 'a record of another aggregate');
    return foldRecord(fold, document, body, hash);
  }
}

const seqOf = <V>(documents: readonly ModelDocument<V>[], entity: string): number | null => documents.find(({ _id }) => _id === entity)?.seq ?? null;

const groupByEntity = (records: readonly ReceivedRecord[]): Map<string, readonly ReceivedRecord[]> => {
  const groups = new Map<string, ReceivedRecord[]>();
  for (const record of records) {
    const group = groups.get(record.body.entity);
    if (group) group.push(record);
    else groups.set(record.body.entity, [record]);
  }
  return groups;
};
