import type { LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';

/** The streams of one aggregate, whole, one after the other in order of entity. */
export async function* streams(store: Pick<LedgerStore, 'ledger'>, aggregate: string): AsyncGenerator<readonly LedgerDocument[]> {
  let stream: LedgerDocument[] = [];
  for await (const document of store.ledger.find({ aggregate }).sort({ entity: 1, seq: 1 }).batchSize(1_000)) {
    if (stream.length > 0 && stream[0]?.entity !== document.entity) {
      yield stream;
      stream = [];
    }
    stream.push(document);
  }
  if (stream.length > 0) yield stream;
}
