import type { Collection, Document } from 'mongodb';

export interface StreamHead {
  readonly entity: string;
  readonly seq: number;
}

/** The last seq of each entity in a collection with an `(entity, seq)` index, in order of entity. Memory stays flat: the server skips along the index. */
export async function* streamHeads<D extends Document & StreamHead>(
  collection: Collection<D>,
  filter: { readonly entity?: string } = {},
): AsyncGenerator<StreamHead> {
  const last = [
    { $match: filter },
    { $sort: { entity: -1, seq: -1 } },
    { $group: { _id: '$entity', seq: { $first: '$seq' } } },
    { $sort: { _id: 1 } },
  ];
  for await (const { _id, seq } of collection.aggregate<{ readonly _id: string; readonly seq: number }>(last, {
    allowDiskUse: true,
    batchSize: 10_000,
  }))
    yield { entity: _id, seq };
}
