import type { Collection } from 'mongodb';
import type { ReceivedRecord } from '../feed/cloud-event';
import { FeedReader, type FeedRow } from '../feed/feed-reader';
import type { LedgerStore } from '../ledger/ledger-store';
import { Poison, receivedFrom } from './fold-record';
import { foldsOf, type AnyModel, type EntityFolds } from './entity-folds';
import type { ModelDocument, QuarantineDocument } from './model';
import { Projector } from './projector';
import { Quarantine } from './quarantine';
import { RebuildLease } from './rebuild-lease';
import { foldStream } from './refold';
import { streams } from './streams';

const WRITE_MAX = 500;
/** Documents that are held at once, by the length of what they were folded from. */
const WRITE_BYTES_MAX = 20_000_000;
const COMPARE_MAX = 100;
const CATCH_UP_MAX = 1_000;
const NAMED_MAX = 100;
/** Longer than any reader or writer may hold on to the old pointer. */
const SWAP_GRACE_MS = 1_500;

/** How far a rebuild is. */
export interface RebuildProgress {
  readonly phase: 'fold' | 'catch-up' | 'swap';
  readonly records: number;
  readonly total: number;
}

/** What a rebuild has made. */
export interface RebuildResult {
  /** The generation that serves now. */
  readonly collection: string;
  readonly entities: number;
  readonly records: number;
  /** Documents by entity in which the new model differs from the one it replaced; 0 unless the fold changed or something was wrong. */
  readonly changed: number;
  /** What the new model cannot take: shown as it was when set aside. At most 100. */
  readonly setAside: readonly Pick<QuarantineDocument, 'entity' | 'seq' | 'why'>[];
}

/** What a rebuild may do beside. */
export interface RebuildOptions {
  /** Also when what serves was made by a newer version of the program: after it was rolled back. */
  readonly overNewer?: boolean;
}

type OnProgress = (progress: RebuildProgress) => void;

/**
 * Makes a read model anew from the ledger while the old one serves, and swaps them at once. Documents depend on the
 * records only, so an unchanged fold gives byte-equal ones. Safe to be killed: nothing serves before the swap, and
 * what is behind after it is filled by the last catch-up, or by the projector's own gap rule.
 *
 * One at a time: a second one rejects with `RebuildUnderWay`. Rejects with `ModelIsNewer` when a newer fold made what serves.
 * An entity that cannot be folded or written is set aside, and is no reason to end.
 */
export const rebuildModel = async <V>(
  store: LedgerStore,
  model: AnyModel<V>,
  onProgress: OnProgress,
  { overNewer = false }: RebuildOptions = {},
): Promise<RebuildResult> => {
  const folds = foldsOf(model);
  const active = folds.activeIn(store.db);
  await active.pointer();
  const lease = await RebuildLease.take(store.db, folds, overNewer);
  const { old, fresh } = lease.collections;
  let isSwapped = false;
  try {
    await active.dropOthers(old);
    const documents = { old: active.of(old), fresh: await active.createGeneration(fresh) };
    const result = await new Rebuild(store, folds, lease, documents, onProgress).run(() => (isSwapped = true));
    await active.dropGeneration(old);
    return result;
  } finally {
    if (!isSwapped) await active.dropGeneration(fresh).catch(() => undefined);
    await lease.release().catch(() => undefined);
  }
};

class Rebuild<V> {
  private readonly reader: FeedReader;
  private readonly quarantine: Quarantine;
  private batch: ModelDocument<V>[] = [];
  private batchBytes = 0;
  private entities = 0;
  private records = 0;

  constructor(
    private readonly store: LedgerStore,
    private readonly model: EntityFolds<V>,
    private readonly lease: RebuildLease,
    private readonly documents: { readonly old: Collection<ModelDocument<V>>; readonly fresh: Collection<ModelDocument<V>> },
    private readonly onProgress: OnProgress,
  ) {
    this.reader = new FeedReader(store);
    this.quarantine = new Quarantine(store.db, model.name);
  }

  async run(onSwapped: () => void): Promise<RebuildResult> {
    const { store, lease, quarantine, model } = this;
    const { old, fresh } = this.documents;
    const startPosition = await this.reader.headPosition();
    for (const { entity } of await quarantine.list()) await quarantine.release(entity);
    await this.foldLedger();
    const projector = new Projector<V>(model, { store, quarantine, active: { writable: () => Promise.resolve(fresh) } });
    const caughtUp = await this.catchUp(projector, startPosition);
    const changed = await countChanged(old, fresh);
    this.onProgress({ phase: 'swap', records: this.records, total: this.records });
    await lease.swap();
    onSwapped();
    await new Promise((resolve) => setTimeout(resolve, SWAP_GRACE_MS)); // batches that were under way to the old collection
    await this.catchUp(projector, caughtUp);
    const setAside = (await quarantine.list()).slice(0, NAMED_MAX).map(({ entity, seq, why }) => ({ entity, seq, why }));
    return { collection: lease.collections.fresh, entities: this.entities, records: this.records, changed, setAside };
  }

  private async foldLedger(): Promise<void> {
    const total = await this.store.ledger.estimatedDocumentCount();
    for (const [aggregate, fold] of this.model.byAggregate) {
      for await (const stream of streams(this.store, aggregate)) {
        this.records += stream.length;
        const document = await foldStream(fold, stream, this.quarantine);
        if (document === null) continue;
        this.entities += 1;
        this.batch.push(document);
        this.batchBytes += stream.reduce((bytes, { canonical }) => bytes + canonical.length, 0);
        if (this.batch.length >= WRITE_MAX || this.batchBytes >= WRITE_BYTES_MAX) await this.write(total);
      }
    }
    await this.write(total);
  }

  private async write(total: number): Promise<void> {
    this.lease.check();
    const { refused } = await this.model.write(this.documents.fresh, this.batch, new Map(), this.store.db);
    for (const [entity, why] of refused) await this.setAside(entity, this.batch.find(({ _id }) => _id === entity)?.seq ?? null, why);
    this.entities -= refused.size;
    this.batch = [];
    this.batchBytes = 0;
    this.onProgress({ phase: 'fold', records: this.records, total });
  }

  /** What was fed since `from`. A row that has no record, or none that can be read, is its entity's trouble. */
  private async catchUp(projector: Projector<V>, from: number): Promise<number> {
    let position = from;
    for (;;) {
      this.lease.check();
      const rows = await this.reader.rowsAfter(position, CATCH_UP_MAX);
      if (rows.length === 0) return position;
      const received = await Promise.all(rows.map((row) => this.received(row)));
      await projector.apply(received.flat());
      position = rows.at(-1)?.position ?? position;
      this.onProgress({ phase: 'catch-up', records: position - from, total: position - from });
    }
  }

  private async received({ entity, seq, document }: FeedRow): Promise<readonly ReceivedRecord[]> {
    if (document === null) return this.setAside(entity, seq, 'the feed names it and the ledger does not hold it');
    if (!this.model.byAggregate.has(document.aggregate)) return [];
    try {
      return [receivedFrom(document)];
    } catch (error) {
      if (!(error instanceof Poison)) throw error;
      return this.setAside(entity, seq, error.why);
    }
  }

  private async setAside(entity: string, seq: number | null, why: string): Promise<[]> {
    await this.quarantine.add(entity, seq, why);
    return [];
  }
}

/** Differences at the same seq: a document that the old model is merely behind on does not count. */
const countChanged = async <V>(old: Collection<ModelDocument<V>>, fresh: Collection<ModelDocument<V>>): Promise<number> => {
  let changed = 0;
  const walk = fresh.find({}).sort({ _id: 1 }).batchSize(COMPARE_MAX);
  for (let page = await take(walk, COMPARE_MAX); page.length > 0; page = await take(walk, COMPARE_MAX)) {
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
