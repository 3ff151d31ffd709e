import type { Collection } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';
import type { LedgerStore } from '../ledger/ledger-store';

/** An entity whose next record the broker refuses: that record and all behind it wait, in order. */
export interface AsideDocument {
  /** The entity. */
  readonly _id: string;
  /** The first record that is not published; those before it are. */
  readonly seq: number;
  readonly position: number;
  /** A code or the name of an error. */
  readonly why: string;
  /** ISO 8601 with +08:00. */
  readonly since: string;
  readonly lastAt: string;
  /** How often it was refused. */
  readonly times: number;
  /** An operator wants it tried again: the relay does so within moments. */
  readonly retry: boolean;
}

/** The record at which an entity is set aside. */
export type Refused = Pick<AsideDocument, 'seq' | 'position' | 'why'> & { readonly entity: string };

/** What a relay has set aside, kept so that no restart forgets it. Operators list it and have it tried again. */
export class RelayAside {
  private readonly rows: Collection<AsideDocument>;

  constructor(store: LedgerStore) {
    this.rows = store.db.collection(store.nameOf('relayAside'), {
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority', journal: true },
    });
  }

  /** Oldest first. */
  async list(): Promise<AsideDocument[]> {
    return this.rows.find().sort({ since: 1, _id: 1 }).toArray();
  }

  /** Has the relay publish the entity's records again, from the refused one on. False when nothing of it is set aside. */
  async retry(entity: string): Promise<boolean> {
    return (await this.rows.updateOne({ _id: entity }, { $set: { retry: true } })).matchedCount === 1;
  }

  /** The same for all. Answers how many. */
  async retryAll(): Promise<number> {
    return (await this.rows.updateMany({}, { $set: { retry: true } })).matchedCount;
  }

  /** Sets an entity aside, or notes that it was refused again. */
  async add({ entity, ...refused }: Refused): Promise<void> {
    const at = toShanghaiIso(Date.now());
    const update = { $set: { ...refused, lastAt: at, retry: false }, $setOnInsert: { since: at }, $inc: { times: 1 } };
    await this.rows.updateOne({ _id: entity }, update, { upsert: true });
  }

  /** It was published. */
  async remove(entity: string): Promise<void> {
    await this.rows.deleteOne({ _id: entity });
  }
}
