import { ServingCollection, type ModelDocument } from './model';
import { partsIn, type Contribution } from './contribution';
import type { EntityFolds, RecordFold } from './entity-folds';
import { collectionsOf, PARTS_SUFFIX, type KeyedModel, type KeyedSource } from './keyed-model';
import { writeContributions } from './write-contributions';

/** A keyed model as one that folds by entity, each document being what its entity gives; the sums are written with it. */
export const contributionFolds = (model: KeyedModel): EntityFolds<Contribution<unknown>> => ({
  name: model.name,
  version: model.version,
  byAggregate: new Map(model.sources.map((source) => [source.aggregate, contributionFold(source)])),
  activeIn: (db) => new ServingCollection<ModelDocument<Contribution<unknown>>>(db, collectionsOf(model), PARTS_SUFFIX),
  write: writeContributions,
});

const contributionFold = <S>(source: KeyedSource<S>): RecordFold<Contribution<S>> => ({
  ...(source.rules === undefined ? {} : { rules: source.rules }),
  fold: (view, body, hash) => {
    const state = source.fold(view?.state ?? null, body, hash);
    return { state, parts: partsIn(source.partsOf(state)) };
  },
});
