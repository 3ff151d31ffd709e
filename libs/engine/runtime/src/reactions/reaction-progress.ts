import { MongoServerError, type Collection, type Db } from 'mongodb';

const DUPLICATE_KEY = 11000;

/** The last record of a source that was reacted to. */
export interface Reacted {
  readonly seq: number;
  readonly hash: string;
}

interface ProgressDocument extends Reacted {
  /** The source's entity. */
  readonly _id: string;
  readonly aggregate: string;
}

/** How far the reactions to each entity's records have come. What lies behind is not given again; even if it were, its ids are known. */
export class ReactionProgress {
  private readonly rows: Collection<ProgressDocument>;

  constructor(db: Db) {
    this.rows = db.collection('reactionProgress');
  }

  /** Those that are missing have none. */
  async of(entities: readonly string[]): Promise<ReadonlyMap<string, Reacted>> {
    const found = await this.rows.find({ _id: { $in: [...entities] } }).toArray();
    return new Map(found.map(({ _id, seq, hash }) => [_id, { seq, hash }]));
  }

  /** To be called when all that follows from the records up to this one has its outcome. Never goes back. */
  async note(entity: string, aggregate: string, { seq, hash }: Reacted): Promise<void> {
    try {
      await this.rows.updateOne({ _id: entity, seq: { $lt: seq } }, { $set: { aggregate, seq, hash } }, { upsert: true });
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error; // another process is further
    }
  }

  /** An operator's word where the source goes on, though the ledger holds another record there than was reacted to. Null: from its beginning. */
  async goOnFrom(entity: string, aggregate: string, from: Reacted | null): Promise<void> {
    if (from === null) await this.rows.deleteOne({ _id: entity });
    else await this.rows.replaceOne({ _id: entity }, { aggregate, seq: from.seq, hash: from.hash }, { upsert: true });
  }
}
