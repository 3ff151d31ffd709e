import type { Collection, Document } from 'mongodb';

export interface StreamHead {
  readonly entity: string;
  readonly seq: number;
}

/** The last seq of each entity in a collection with an `(entity, seq)` index, in order of entity. Memory stays flat. */
export async function* streamHeads<D extends Document & StreamHead>(
  collection: Collection<D>,
  filter: { readonly entity?: string } = {},
): AsyncGenerator<StreamHead> {
  let head: StreamHead | null = null;
  const options = { projection: { _id: 0, entity: 1, seq: 1 }, sort: { entity: 1, seq: 1 }, batchSize: 10_000 } as const;
  for await (const key of collection.find<StreamHead>(filter as object, options)) {
    if (head !== null && head.entity !== key.entity) yield head;
    head = key;
  }
  if (head !== null) yield head;
}
