import type { LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';

/** A record and its place in the one global order. */
export interface Positioned {
  readonly position: number;
  readonly document: LedgerDocument;
}

/** Reads the feed: the order in which subscribers see all records. */
export class FeedReader {
  constructor(private readonly store: LedgerStore) {}

  /** Up to `limit` records behind `position`, in order. */
  async after(position: number, limit: number): Promise<Positioned[]> {
    const rows = await this.store.feed
      .find({ _id: { $gt: position } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    const ids = rows.map(({ entity, seq }) => `${entity}:${seq}`);
    const documents = new Map((await this.store.ledger.find({ _id: { $in: ids } }).toArray()).map((document) => [document._id, document]));
    return rows.map(({ _id, entity, seq }) => {
      const document = documents.get(`${entity}:${seq}`);
      if (document === undefined) throw new Error(`feed row ${_id} names ${entity}:${seq}, which the ledger does not hold`);
      return { position: _id, document };
    });
  }

  async headPosition(): Promise<number> {
    return (await this.store.feed.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } }))?._id ?? 0;
  }
}
