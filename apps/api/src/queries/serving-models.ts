import type { QueryPorts } from '@qiyue/aggregate';
import { ActiveKeys, ActiveModel, type KeyedModel, type ReadModel } from '@qiyue/engine-runtime';
import type { Db } from 'mongodb';

/** The read models that serve now, as questions ask for them; each is kept, with where it stands. */
export const servingModels = (db: Db): Pick<QueryPorts, 'model' | 'keys'> => {
  const models = new Map<string, ActiveModel<unknown>>();
  const sums = new Map<string, ActiveKeys>();
  return {
    model: <V>(of: ReadModel<V>): ActiveModel<V> => {
      const known = models.get(of.name) ?? new ActiveModel<unknown>(db, of as ReadModel<unknown>);
      models.set(of.name, known);
      return known as ActiveModel<V>;
    },
    keys: (of: KeyedModel): ActiveKeys => {
      const known = sums.get(of.name) ?? new ActiveKeys(db, of);
      sums.set(of.name, known);
      return known;
    },
  };
};
