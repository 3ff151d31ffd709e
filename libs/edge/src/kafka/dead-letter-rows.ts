import type { Collection, Db } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';

export const DEAD_LETTER_STATES = ['open', 'skipped', 'retried'] as const;
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

/** What is known of a dead letter beside the topic that holds it: neither what it says nor who sent it. */
export interface DeadLetterRow {
  /** `<topic>:<partition>:<offset>` of the original. */
  readonly _id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly reason: string;
  /** What is wrong with it, where the reason says less: see `Letter`. */
  readonly detail?: string;
  readonly reader: string;
  readonly commandId?: string;
  readonly entity?: string;
  /** SHA-256 of the original's value. */
  readonly hash: string;
  /** ISO 8601 with +08:00. */
  readonly at: string;
  readonly state: DeadLetterState;
}

const NOTE_WITHIN_MS = 1_000;

/** The operator's list of dead letters. `note` is best effort: the letter itself is the record. */
export class DeadLetterRows {
  private readonly rows: Collection<DeadLetterRow>;

  constructor(db: Db) {
    this.rows = db.collection('deadLetters');
  }

  async ensureIndexes(): Promise<void> {
    await this.rows.createIndex({ state: 1, reason: 1 });
    await this.rows.createIndex({ at: 1 });
  }

  /** Resolves within a second; never rejects. A message that two readers gave up on keeps the first one's row. */
  async note(row: Omit<DeadLetterRow, '_id' | 'at' | 'state'>, state: DeadLetterState = 'open'): Promise<void> {
    const { topic, partition, offset } = row;
    const kept = this.rows
      .updateOne({ _id: `${topic}:${partition}:${offset}` }, { $setOnInsert: { ...row, at: toShanghaiIso(Date.now()), state } }, { upsert: true })
      .then(
        () => undefined,
        () => undefined,
      );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, NOTE_WITHIN_MS)));
    await Promise.race([kept, late]);
    clearTimeout(timer);
  }

  /** How many are open, by reason. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.rows
      .aggregate<{ _id: string; count: number }>([{ $match: { state: 'open' } }, { $group: { _id: '$reason', count: { $sum: 1 } } }])
      .toArray();
    return Object.fromEntries(rows.map(({ _id, count }) => [_id, count]));
  }

  /** Newest first. */
  list({ state, topic, limit = 100 }: { readonly state?: DeadLetterState; readonly topic?: string; readonly limit?: number } = {}): Promise<
    DeadLetterRow[]
  > {
    const filter = { ...(state === undefined ? {} : { state }), ...(topic === undefined ? {} : { topic }) };
    return this.rows.find(filter).sort({ at: -1 }).limit(limit).toArray();
  }

  find(id: string): Promise<DeadLetterRow | null> {
    return this.rows.findOne({ _id: id });
  }

  /** False when there is no such row. */
  async mark(id: string, state: DeadLetterState): Promise<boolean> {
    return (await this.rows.updateOne({ _id: id }, { $set: { state } })).matchedCount === 1;
  }
}
