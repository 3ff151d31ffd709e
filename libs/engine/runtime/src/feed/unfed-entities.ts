import type { LedgerStore } from '../ledger/ledger-store';
import { streamHeads } from './stream-heads';

/**
 * Entities of which the ledger holds more than the feed, with the last seq that is fed. Walks both `(entity, seq)`
 * indexes side by side, so memory stays flat however long the ledger is.
 */
export async function* unfedEntities(store: LedgerStore): AsyncGenerator<{ readonly entity: string; readonly fedSeq: number }> {
  const fed = streamHeads(store.feed);
  let fedHead = await fed.next();
  for await (const { entity, seq } of streamHeads(store.ledger)) {
    while (!fedHead.done && fedHead.value.entity < entity) fedHead = await fed.next();
    const fedSeq = !fedHead.done && fedHead.value.entity === entity ? fedHead.value.seq : 0;
    if (fedSeq < seq) yield { entity, fedSeq };
  }
}
