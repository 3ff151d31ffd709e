import type { Db } from 'mongodb';
import { ActiveModel, type ModelDocument, type ReadModel, type ServingCollection } from './model';
import { writeDocuments, type WriteDocuments } from './write-documents';

/** How the records of one aggregate fold. */
export type RecordFold<V> = Pick<ReadModel<V>, 'fold' | 'keysOf' | 'rules'>;

/** What every kind of model is to those that fold, rebuild, compare and release: documents by entity, and a way to write them. */
export interface EntityFolds<V> {
  readonly name: string;
  readonly version: number;
  readonly byAggregate: ReadonlyMap<string, RecordFold<V>>;
  /** Where its documents by entity are. */
  activeIn(db: Db): ServingCollection<ModelDocument<V>>;
  /** Writes documents by entity, and whatever else follows from them. */
  readonly write: WriteDocuments<V>;
}

export type AnyModel<V> = ReadModel<V> | EntityFolds<V>;

export const foldsOf = <V>(model: AnyModel<V>): EntityFolds<V> =>
  'byAggregate' in model
    ? model
    : {
        name: model.name,
        version: model.version,
        byAggregate: new Map([[model.aggregate, model]]),
        activeIn: (db) => new ActiveModel(db, model),
        write: writeDocuments,
      };
