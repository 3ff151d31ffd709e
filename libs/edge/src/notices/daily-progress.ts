import type { Collection, Db } from 'mongodb';

interface DailyDoc {
  /** What is told. */
  readonly _id: string;
  /** Business time, ISO 8601 with +08:00. */
  readonly at: string;
}

/** Until when what is told once a day was told: what has come since is new. */
export class DailyProgress {
  private readonly documents: Collection<DailyDoc>;

  constructor(db: Db) {
    this.documents = db.collection('dailyNotices');
  }

  /** Null: never. */
  async lastOf(type: string): Promise<string | null> {
    return (await this.documents.findOne({ _id: type }))?.at ?? null;
  }

  /** To be called when all notices of that day are stored. */
  async note(type: string, at: string): Promise<void> {
    await this.documents.updateOne({ _id: type }, { $max: { at } }, { upsert: true });
  }
}
