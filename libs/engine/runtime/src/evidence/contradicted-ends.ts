import type { Finding } from '../audit/verify-record';
import { hashesOf } from '../ledger/hashes-of';
import type { LedgerStore } from '../ledger/ledger-store';
import type { StreamEnd } from './checkpoint';
import type { StreamEnds } from './stream-ends';

const BATCH = 1_000;

/** An end that was signed, and what the ledger has instead. */
export interface Contradicted {
  readonly end: StreamEnd;
  readonly finding: Finding;
}

/** Of ends that were signed, those at which the ledger holds another record, or none. Reads one hash per stream. */
export const contradictedEnds = async (store: Pick<LedgerStore, 'ledger'>, ends: StreamEnds): Promise<readonly Contradicted[]> => {
  const found: Contradicted[] = [];
  const all = ends.inOrder();
  for (let from = 0; from < all.length; from += BATCH) found.push(...(await contradictedOf(store, all.slice(from, from + BATCH))));
  return found;
};

const contradictedOf = async (store: Pick<LedgerStore, 'ledger'>, ends: readonly StreamEnd[]): Promise<readonly Contradicted[]> => {
  const held = await hashesOf(store, ends);
  return ends.flatMap((end): readonly Contradicted[] => {
    const { entity: stream, seq, hash } = end;
    const here = held.get(`${stream}:${seq}`);
    if (here === hash) return [];
    if (here === undefined) return [{ end, finding: { stream, seq, kind: 'missing', detail: 'a checkpoint has seen this record' } }];
    return [{ end, finding: { stream, seq, kind: 'rewritten', detail: 'the record is not the one that a checkpoint has seen' } }];
  });
};
