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

/** No feed comes so far. A place beyond it is none of ours: somebody wrote it, and numbers behind it could not be told apart. */
export const FEED_POSITION_MAX = 2 ** 52;

/** Reads the feed: the order in which subscribers see all records. */
export class FeedReader {
  constructor(private readonly store: LedgerStore) {}

  /** Up to `limit` records behind `position`, in order. A row whose record the ledger does not hold is passed over: one need's damage stops nobody's stream. */
  async after(position: number, limit: number): Promise<Positioned[]> {
    for (let from = position; ;) {
      const rows = await this.rowsAfter(from, limit);
      const held = rows.flatMap(({ position: at, document }) => (document === null ? [] : [{ position: at, document }]));
      if (held.length > 0 || rows.length < limit) return held;
      from = rows.at(-1)?.position ?? from;
    }
  }

  /** The same for those who go on without what the ledger does not hold. */
  async rowsAfter(position: number, limit: number): Promise<FeedRow[]> {
    return this.rows({ _id: { $gt: position, $lte: FEED_POSITION_MAX } }, { _id: 1 }, limit);
  }

  /** What is fed of one entity, from `fromSeq` on, in order of seq. */
  async rowsOf(entity: string, fromSeq: number, limit: number): Promise<FeedRow[]> {
    return this.rows({ entity, seq: { $gte: fromSeq } }, { seq: 1 }, limit);
  }

  /** The last place that there is; 0 for an empty feed. */
  async headPosition(): Promise<number> {
    return (await this.store.feed.findOne({ _id: { $lte: FEED_POSITION_MAX } }, { sort: { _id: -1 }, projection: { _id: 1 } }))?._id ?? 0;
  }

  private async rows(filter: object, sort: { readonly _id: 1 } | { readonly seq: 1 }, limit: number): Promise<FeedRow[]> {
    const rows = await this.store.feed.find(filter).sort(sort).limit(limit).toArray();
    const ids = rows.map(({ entity, seq }) => `${entity}:${seq}`);
    const documents = new Map((await this.store.ledger.find({ _id: { $in: ids } }).toArray()).map((document) => [document._id, document]));
    return rows.map(({ _id, entity, seq }) => ({ position: _id, entity, seq, document: documents.get(`${entity}:${seq}`) ?? null }));
  }
}
