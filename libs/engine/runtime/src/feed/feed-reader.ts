import type { LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';

/** A record and its place in the one global order. */
export interface Positioned {
  readonly position: number;
  readonly document: LedgerDocument;
}

/** A place in the feed; `document` is null when the ledger does not hold the record that it names. */
export interface FeedRow {
  readonly position: number;
  readonly entity: string;
  readonly seq: number;
  readonly document: LedgerDocument | null;
}

/** Reads the feed: the order in which subscribers see all records. */
export class FeedReader {
  constructor(private readonly store: LedgerStore) {}

  /** Up to `limit` records behind `position`, in order. Throws at a row whose record the ledger does not hold. */
  async after(position: number, limit: number): Promise<Positioned[]> {
    return (await this.rowsAfter(position, limit)).map(({ document, entity, seq, ...row }) => {
      if (document === null) throw new Error(`feed row ${row.position} names ${entity}:${seq}, which the ledger does not hold`);
      return { position: row.position, document };
    });
  }

  /** The same for those who go on without what the ledger does not hold. */
  async rowsAfter(position: number, limit: number): Promise<FeedRow[]> {
    return this.rows({ _id: { $gt: position } }, { _id: 1 }, limit);
  }

  /** What is fed of one entity, from `fromSeq` on, in order of seq. */
  async rowsOf(entity: string, fromSeq: number, limit: number): Promise<FeedRow[]> {
    return this.rows({ entity, seq: { $gte: fromSeq } }, { seq: 1 }, limit);
  }

  async headPosition(): Promise<number> {
    return (await this.store.feed.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } }))?._id ?? 0;
  }

  private async rows(filter: object, sort: { readonly _id: 1 } | { readonly seq: 1 }, limit: number): Promise<FeedRow[]> {
    const rows = await this.store.feed.find(filter).sort(sort).limit(limit).toArray();
    const ids = rows.map(({ entity, seq }) => `${entity}:${seq}`);
    const documents = new Map((await this.store.ledger.find({ _id: { $in: ids } }).toArray()).map((document) => [document._id, document]));
    return rows.map(({ _id, entity, seq }) => ({ position: _id, entity, seq, document: documents.get(`${entity}:${seq}`) ?? null }));
  }
}
