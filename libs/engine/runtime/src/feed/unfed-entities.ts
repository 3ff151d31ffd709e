import type { LedgerStore } from '../ledger/ledger-store';

interface Key {
  readonly entity: string;
  readonly seq: number;
}

/**
 * Entities of which the ledger holds more than the feed, with the last seq that is fed. Walks both `(entity, seq)`
 * indexes side by side, so memory stays flat however long the ledger is.
 */
export async function* unfedEntities(store: LedgerStore): AsyncGenerator<{ readonly entity: string; readonly fedSeq: number }> {
  const options = { projection: { _id: 0, entity: 1, seq: 1 }, sort: { entity: 1, seq: 1 }, batchSize: 10_000 } as const;
  const fed = heads(store.feed.find<Key>({}, options));
  let fedHead = await fed.next();
  for await (const { entity, seq } of heads(store.ledger.find<Key>({}, options))) {
    while (!fedHead.done && fedHead.value.entity < entity) fedHead = await fed.next();
    const fedSeq = !fedHead.done && fedHead.value.entity === entity ? fedHead.value.seq : 0;
    if (fedSeq < seq) yield { entity, fedSeq };
  }
}

/** The last seq of each entity in a walk ordered by entity and seq. */
async function* heads(keys: AsyncIterable<Key>): AsyncGenerator<Key> {
  let head: Key | null = null;
  for await (const key of keys) {
    if (head !== null && head.entity !== key.entity) yield head;
    head = key;
  }
  if (head !== null) yield head;
}
