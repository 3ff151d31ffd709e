import type { Collection, Db } from 'mongodb';
import type { RecordBody } from '@qiyue/engine';

/** A read model: a pure fold over one entity's records, and the indexes that its queries need. */
export interface ReadModel<V> {
  /** Names the model and its collections: `<name>_1`, `<name>_2` … one per rebuild. */
  readonly name: string;
  readonly aggregate: string;
  /** Raise it when the fold changes what it gives: then the model has to be rebuilt. */
  readonly version: number;
  /** The highest version of the rules whose records the fold takes; default 1. What is above it waits for a model that knows it. */
  readonly rules?: number;
  /** `hash` is the record's, checked by whoever folds: there is no need to compute it again. */
  fold(view: V | null, body: RecordBody, hash: string): V;
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
  /** The highest number that a collection of the model was given. */
  readonly builds?: number;
  /** The rebuild under way: it holds the pointer until then. */
  readonly rebuild?: { readonly owner: string; readonly version: number; readonly since: string; readonly until: Date };
}

/** The collection that serves was made by a newer version of the program: an older fold may not write into it. */
export class ModelIsNewer extends Error {
  override readonly name = 'ModelIsNewer';

  constructor(model: string, serving: number, own: number) {
    super(`${model}: version ${serving} serves, and this program makes version ${own}`);
  }
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
  /** The version of the rules that the model would have to know. */
  readonly rules?: number;
}

const POINTER_FRESH_MS = 300;

/** The collection that serves a model now; looked up again at most every 300 ms, so a swap is seen soon by everyone. */
export class ActiveModel<V> {
  private cached: { readonly collection: Collection<ModelDocument<V>>; readonly version: number; readonly untilMs: number } | null = null;

  constructor(
    private readonly db: Db,
    private readonly model: Pick<ReadModel<V>, 'name' | 'version' | 'indexes'>,
  ) {}

  async collection(): Promise<Collection<ModelDocument<V>>> {
    return (await this.serving()).collection;
  }

  /** The same for who writes into it: rejects with `ModelIsNewer` where only a newer fold may. */
  async writable(): Promise<Collection<ModelDocument<V>>> {
    const { collection, version } = await this.serving();
    if (version > this.model.version) throw new ModelIsNewer(this.model.name, version, this.model.version);
    return collection;
  }

  private async serving(): Promise<NonNullable<typeof this.cached>> {
    if (this.cached && this.cached.untilMs > Date.now()) return this.cached;
    const { active, version } = await this.pointer();
    return (this.cached = { collection: this.db.collection<ModelDocument<V>>(active), version, untilMs: Date.now() + POINTER_FRESH_MS });
  }

  async pointer(): Promise<ModelPointer> {
    const pointer = await this.pointers.findOne({ _id: this.model.name });
    return pointer ?? this.create();
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
    return modelPointers(this.db);
  }
}

export const modelPointers = (db: Db): Collection<ModelPointer> => db.collection('models');
