import type { Collection, Db } from 'mongodb';

interface ProgressDoc {
  readonly _id: string;
  readonly seq: number;
}

/**
 * How far each need's events have been turned into notices. What lies behind is never looked at again: a topic that is read
 * from its beginning tells nobody anything, whatever directory, preferences or policy have become since.
 */
export class NoticeProgress {
  private readonly documents: Collection<ProgressDoc>;

  constructor(db: Db) {
    this.documents = db.collection('noticed');
  }

  /** Seq of the last event that was done, by need; those that are missing have none. */
  async of(entities: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await this.documents.find({ _id: { $in: [...entities] } }).toArray();
    return new Map(found.map(({ _id, seq }) => [_id, seq]));
  }

  /** To be called when all notices of the events up to `seq` are stored. */
  async note(entity: string, seq: number): Promise<void> {
    await this.documents.updateOne({ _id: entity }, { $max: { seq } }, { upsert: true });
  }
}
