import { MongoServerError, type Collection, type Db, type Document } from 'mongodb';
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
  /** One record more. Pure; whatever it throws sets the entity aside. `hash` is the record's, checked by whoever folds: there is no need to compute it again. */
  fold(view: V | null, body: RecordBody, hash: string): V;
  /** What indexes want of a document beside its view, as `keys`: nobody is shown it. Pure; left out: nothing. */
  keysOf?(view: V): object;
  readonly indexes: readonly Readonly<Record<string, 1 | -1>>[];
}

/** One entity in a read model: folded up to `seq`, whose record has `hash`. Nothing in it depends on when it was made. */
export interface ModelDocument<V> {
  /** The entity. */
  readonly _id: string;
  readonly seq: number;
  readonly hash: string;
  readonly view: V;
  /** See `ReadModel.keysOf`. */
  readonly keys?: object;
}

/** Which generation of a model's collections serves now. */
export interface ModelPointer {
  /** The model's name. */
  readonly _id: string;
  /** `<name>_<number>`: the name of its first collection; those beside it begin with it. */
  readonly active: string;
  readonly version: number;
  /** The highest number that a generation of the model was given. */
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
const NAMESPACE_EXISTS = 48;

/** The collections of which each generation of a model is made: `<generation><suffix>`. */
export interface ModelCollections {
  readonly name: string;
  readonly version: number;
  readonly collections: readonly { readonly suffix: string; readonly indexes: readonly Readonly<Record<string, 1 | -1>>[] }[];
}

/** One collection of the generation that serves a model now; looked up again at most every 300 ms, so a swap is seen soon by everyone. */
export class ServingCollection<D extends Document> {
  private cached: { readonly collection: Collection<D>; readonly version: number; readonly untilMs: number } | null = null;

  constructor(
    private readonly db: Db,
    private readonly model: ModelCollections,
    private readonly suffix: string,
  ) {}

  /** The collection that serves now, for reading. */
  async collection(): Promise<Collection<D>> {
    return (await this.serving()).collection;
  }

  /** The same for who writes into it: rejects with `ModelIsNewer` where only a newer fold may. */
  async writable(): Promise<Collection<D>> {
    const { collection, version } = await this.serving();
    if (version > this.model.version) throw new ModelIsNewer(this.model.name, version, this.model.version);
    return collection;
  }

  private async serving(): Promise<NonNullable<typeof this.cached>> {
    if (this.cached && this.cached.untilMs > Date.now()) return this.cached;
    const { active, version } = await this.pointer();
    return (this.cached = { collection: this.of(active), version, untilMs: Date.now() + POINTER_FRESH_MS });
  }

  /** What serves now, read from the server; made with an empty collection where nothing does. */
  async pointer(): Promise<ModelPointer> {
    const pointer = await this.pointers.findOne({ _id: this.model.name });
    return pointer ?? this.create();
  }

  /** Its collection in that generation, which need not serve. */
  of(generation: string): Collection<D> {
    return this.db.collection<D>(`${generation}${this.suffix}`);
  }

  /** Makes all collections of a generation and answers its own; those that are there stay as they are. */
  async createGeneration(generation: string): Promise<Collection<D>> {
    for (const { suffix, indexes } of this.model.collections) {
      const name = `${generation}${suffix}`;
      await this.db.createCollection(name).catch(unlessThere);
      for (const index of indexes) await this.db.collection(name).createIndex({ ...index });
    }
    return this.of(generation);
  }

  /** Drops all collections of a generation, which may not serve. */
  async dropGeneration(generation: string): Promise<void> {
    for (const { suffix } of this.model.collections) await this.db.collection(`${generation}${suffix}`).drop();
  }

  /** Drops every generation but this one: what rebuilds left that were killed. */
  async dropOthers(generation: string): Promise<void> {
    const suffixes = this.model.collections.map(({ suffix }) => suffix);
    const all = new RegExp(`^${this.model.name}_\\d+(?:${suffixes.join('|')})$`);
    const kept = new Set(suffixes.map((suffix) => `${generation}${suffix}`));
    for (const { name } of await this.db.listCollections({ name: all }, { nameOnly: true }).toArray())
      if (!kept.has(name)) await this.db.collection(name).drop();
  }

  private async create(): Promise<ModelPointer> {
    const active = `${this.model.name}_1`;
    await this.createGeneration(active);
    await this.pointers.updateOne({ _id: this.model.name }, { $setOnInsert: { active, version: this.model.version } }, { upsert: true });
    return { _id: this.model.name, active, version: this.model.version };
  }

  private get pointers(): Collection<ModelPointer> {
    return modelPointers(this.db);
  }
}

const unlessThere = (error: unknown): void => {
  if (!(error instanceof MongoServerError) || error.code !== NAMESPACE_EXISTS) throw error;
};

/** The collection that serves a read model now. */
export class ActiveModel<V> extends ServingCollection<ModelDocument<V>> {
  constructor(db: Db, { name, version, indexes }: Pick<ReadModel<V>, 'name' | 'version' | 'indexes'>) {
    super(db, { name, version, collections: [{ suffix: '', indexes }] }, '');
  }
}

/** The rows that say what serves. */
export const modelPointers = (db: Db): Collection<ModelPointer> => db.collection('models');
