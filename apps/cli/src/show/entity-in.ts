import type { AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';

/** The kind whose verbs stand by themselves. */
export const firstKind = (): AnyAggregate => {
  const [first] = AGGREGATES;
  if (first === undefined) throw new Error('no kind of entity is known');
  return first;
};

/** The entity of a row, which stands in it under the name that its aggregate has for its ids. Null: it is about none. */
export const entityIn = (row: object): { readonly id: string; readonly aggregate: AnyAggregate } | null => {
  const fields = row as Readonly<Record<string, unknown>>;
  const found = AGGREGATES.find(({ idName }) => typeof fields[idName] === 'string');
  return found === undefined ? null : { id: String(fields[found.idName]), aggregate: found };
};
