import type { Collection, Db } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';
import type { QuarantineDocument } from './model';

const FRESH_MS = 1_000;

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

  async entities(): Promise<ReadonlySet<string>> {
    if (this.known && this.known.untilMs > Date.now()) return this.known.entities;
    const entities = new Set((await this.rows.find({ model: this.model }).toArray()).map(({ entity }) => entity));
    this.known = { entities, untilMs: Date.now() + FRESH_MS };
    return entities;
  }

  async add(entity: string, seq: number | null, why: string): Promise<void> {
    const row = { model: this.model, entity, seq, why, seenAt: toShanghaiIso(Date.now()) };
    await this.rows.updateOne({ _id: `${this.model}:${entity}` }, { $setOnInsert: row }, { upsert: true });
    this.known?.entities.add(entity);
  }

  async list(): Promise<QuarantineDocument[]> {
    return this.rows.find({ model: this.model }).sort({ seenAt: 1 }).toArray();
  }

  async release(entity: string): Promise<void> {
    await this.rows.deleteOne({ _id: `${this.model}:${entity}` });
    this.known = null;
  }
}
