import type { Db } from 'mongodb';
import type { RecordBody } from '@qiyue/engine';
import type { ModelCollections } from './model';
import { ServingCollection } from './model';

/** Field names are a letter and then letters, digits, `_` or `-`; fields are text or whole numbers. */
export type ModelKey = Readonly<Record<string, string | number>>;
/** Whole numbers by name; names as in a key. */
export type ModelSums = Readonly<Record<string, number>>;

/** What one entity gives to one key. */
export interface ModelPart {
  readonly key: ModelKey;
  readonly sums: ModelSums;
}

/**
 * Sums by key over many entities, a scoreboard: what an entity gives to a key follows from its own records alone, and a key's document is the sum of what all
 * entities give. So the order in which entities are folded does not matter.
 */
export interface KeyedModel {
  /** Names the model and its collections: `<name>_1` and `<name>_1_parts`, `<name>_2` … one pair per rebuild. */
  readonly name: string;
  /** Raise it when a fold, or what an entity gives, changes: then the model has to be rebuilt. */
  readonly version: number;
  /** Over the documents by key: `{ 'key.unit': 1, 'key.year': 1 }`. */
  readonly indexes: readonly Readonly<Record<string, 1 | -1>>[];
  /** One per aggregate. */
  readonly sources: readonly KeyedSource<unknown>[];
}

/** The entities of one aggregate, as far as a scoreboard is concerned. Both functions are pure. */
export interface KeyedSource<S> {
  readonly aggregate: string;
  /** As in `ReadModel`. */
  readonly rules?: number;
  /** The state is kept with each entity: no more of it than the parts need. */
  /** One record more, as in `ReadModel`. */
  fold(state: S | null, body: RecordBody, hash: string): S;
  /** All that the entity gives now, each key at most once. What it gave before and does not give any more is taken back. */
  partsOf(state: S): readonly ModelPart[];
}

/** One key of the scoreboard. Sums of zero are left out, and a key without any has no document. */
export interface KeyDocument {
  /** Canonical text of the key, `keyIdOf`. */
  readonly _id: string;
  readonly key: ModelKey;
  readonly sums: ModelSums;
}

/** Of the collection that has a document by entity: what folded it and what it gives. */
export const PARTS_SUFFIX = '_parts';

/** What a generation of a keyed model is made of. */
export const collectionsOf = ({ name, version, indexes }: KeyedModel): ModelCollections => ({
  ...{ name, version },
  collections: [
    { suffix: '', indexes },
    { suffix: PARTS_SUFFIX, indexes: [{ 'view.parts.id': 1 }] },
  ],
});

/** The documents by key that serve now, for queries. Only the projector writes them. */
export class ActiveKeys extends ServingCollection<KeyDocument> {
  constructor(db: Db, model: KeyedModel) {
    super(db, collectionsOf(model), '');
  }
}
