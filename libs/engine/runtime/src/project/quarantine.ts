import type { Collection, Db } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';
import type { QuarantineDocument } from './model';

/** How long a process may hold on to what it knows of the rows. */
export const QUARANTINE_FRESH_MS = 1_000;

/** The entities that a read model has set aside. Others go on; an operator sees them, mends, and releases. */
export class Quarantine {
  private known: { readonly entities: Set<string>; readonly untilMs: number } | null = null;
  private readonly rows: Collection<QuarantineDocument>;

  constructor(
    db: Db,
    private readonly model: string,
  ) {
    this.rows = db.collection('quarantine');
  }

  /** All of this model, as they were a second ago at most. */
  async entities(): Promise<ReadonlySet<string>> {
    if (this.known && this.known.untilMs > Date.now()) return this.known.entities;
    const entities = new Set((await this.rows.find({ model: this.model }).toArray()).map(({ entity }) => entity));
    this.known = { entities, untilMs: Date.now() + QUARANTINE_FRESH_MS };
    return entities;
  }

  /** Sets an entity aside; the first reason stays. */
  async add(entity: string, seq: number | null, why: string, rules?: number): Promise<void> {
    const row = { model: this.model, entity, seq, why, seenAt: toShanghaiIso(Date.now()), ...(rules === undefined ? {} : { rules }) };
    await this.rows.updateOne({ _id: `${this.model}:${entity}` }, { $setOnInsert: row }, { upsert: true });
    this.known?.entities.add(entity);
  }

  /** The longest first. */
  async list(): Promise<QuarantineDocument[]> {
    return this.rows.find({ model: this.model }).sort({ seenAt: 1 }).toArray();
  }

  /** Those that wait for rules up to this version. */
  async waitingForRules(upTo: number): Promise<readonly string[]> {
    return (await this.rows.find({ model: this.model, rules: { $lte: upTo } }).toArray()).map(({ entity }) => entity);
  }

  /** Takes the row away and nothing else: `releaseEntity` lets an entity go on. */
  async release(entity: string): Promise<void> {
    await this.rows.deleteOne({ _id: `${this.model}:${entity}` });
    this.known = null;
  }
}
