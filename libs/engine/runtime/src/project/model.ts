import type { Collection, Db } from 'mongodb';
import type { RecordBody } from '@qiyue/engine';

/** A read model: a pure fold over one entity's records, and the indexes that its queries need. */
export interface ReadModel<V> {
  /** Names the model and its collections: `<name>_1`, `<name>_2` … one per rebuild. */
  readonly name: string;
  readonly aggregate: string;
  /** Raise it when the fold changes what it gives: then the model has to be rebuilt. */
  readonly version: number;
  fold(view: V | null, body: RecordBody): V;
  readonly indexes: readonly Readonly<Record<string, 1 | -1>>[];
}

/** One entity in a read model: folded up to `seq`, whose record has `hash`. Nothing in it depends on when it was made. */
export interface ModelDocument<V> {
  /** The entity. */
  readonly _id: string;
  readonly seq: number;
  readonly hash: string;
  readonly view: V;
}

/** Which collection serves a model now. */
export interface ModelPointer {
  /** The model's name. */
  readonly _id: string;
  readonly active: string;
  readonly version: number;
}

/** An entity that one read model could not go on with: its last good document stays, an operator has to look. */
export interface QuarantineDocument {
  /** `<model>:<entity>` */
  readonly _id: string;
  readonly model: string;
  readonly entity: string;
  readonly seq: number | null;
  readonly why: string;
  readonly seenAt: string;
}

const POINTER_FRESH_MS = 300;

/** The collection that serves a model now; looked up again at most every 300 ms, so a swap is seen soon by everyone. */
export class ActiveModel<V> {
  private cached: { readonly collection: Collection<ModelDocument<V>>; readonly untilMs: number } | null = null;

  constructor(
    private readonly db: Db,
    private readonly model: Pick<ReadModel<V>, 'name' | 'version' | 'indexes'>,
  ) {}

  async collection(): Promise<Collection<ModelDocument<V>>> {
    if (this.cached && this.cached.untilMs > Date.now()) return this.cached.collection;
    const collection = this.db.collection<ModelDocument<V>>((await this.pointer()).active);
    this.cached = { collection, untilMs: Date.now() + POINTER_FRESH_MS };
    return collection;
  }

  async pointer(): Promise<ModelPointer> {
    const pointer = await this.pointers.findOne({ _id: this.model.name });
    return pointer ?? this.create();
  }

  /** Makes another collection the one that serves, at once for every reader. */
  async swap(active: string): Promise<void> {
    await this.pointers.updateOne({ _id: this.model.name }, { $set: { active, version: this.model.version } }, { upsert: true });
    this.cached = null;
  }

  async createCollection(name: string): Promise<Collection<ModelDocument<V>>> {
    const collection = this.db.collection<ModelDocument<V>>(name);
    for (const index of this.model.indexes) await collection.createIndex({ ...index });
    return collection;
  }

  private async create(): Promise<ModelPointer> {
    const active = `${this.model.name}_1`;
    await this.createCollection(active);
    await this.pointers.updateOne({ _id: this.model.name }, { $setOnInsert: { active, version: this.model.version } }, { upsert: true });
    return { _id: this.model.name, active, version: this.model.version };
  }

  private get pointers(): Collection<ModelPointer> {
    return this.db.collection('models');
  }
}
