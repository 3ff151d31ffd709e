import type { LedgerStore } from '@qiyue/engine-runtime';
import type { Collection } from 'mongodb';

/** What was published and is not met for so long is a hole: reading is a second behind, and a change of reader some more. */
export const HOLE_AFTER_MS = 30_000;

interface Place {
  readonly position: number;
  readonly entity: string;
  readonly seq: number;
}

/** How ledger, feed and topic stood to each other at the last look. */
export interface TopicComparison {
  /** Every place of the feed up to here was met on the topic, with the ledger's own record. */
  readonly comparedUpTo: number;
  /** Places of the feed that were not met; what waits to be published is among them. */
  readonly unseen: number;
  /** The first of them, and the time of its record, ISO 8601 with +08:00. */
  readonly next: { readonly entity: string; readonly seq: number; readonly time: string } | null;
  /** Published, by the relay's word, and not met. */
  readonly holes: number;
  readonly firstHole: Place | null;
  /** Messages that say of a record what the ledger does not. */
  readonly differing: number;
}
interface ComparisonDoc extends TopicComparison {
  readonly _id: 'standing';
  readonly at: Date;
  /** Since when the first hole has been seen. */
  readonly holeSince: Date | null;
}

/** The last look of `TopicWatch`, where those find it who tell the operator. */
export class TopicStanding {
  private readonly rows: Collection<ComparisonDoc>;

  constructor(store: LedgerStore) {
    this.rows = store.db.collection(store.nameOf('topicWatch'));
  }

  /** Answers since when the first hole has been seen, ms since 1970; null without one. */
  async note(comparison: TopicComparison): Promise<number | null> {
    const before = await this.rows.findOne({ _id: 'standing' });
    const at = new Date();
    const { firstHole } = comparison;
    const isSame = firstHole !== null && before?.firstHole?.position === firstHole.position;
    const holeSince = firstHole === null ? null : isSame ? (before?.holeSince ?? at) : at;
    await this.rows.replaceOne({ _id: 'standing' }, { ...comparison, at, holeSince }, { upsert: true });
    return holeSince?.getTime() ?? null;
  }

  /** Null when nobody has compared yet. */
  async read(): Promise<ComparisonDoc | null> {
    return this.rows.findOne({ _id: 'standing' });
  }
}

export const nextWaiting = async ({ feed, ledger }: LedgerStore, position: number | undefined): Promise<TopicComparison['next']> => {
  const row = position === undefined ? null : await feed.findOne({ _id: position });
  const record = row === null ? null : await ledger.findOne({ entity: row.entity, seq: row.seq }, { projection: { time: 1 } });
  return row === null ? null : { entity: row.entity, seq: row.seq, time: record?.time ?? '' };
};
