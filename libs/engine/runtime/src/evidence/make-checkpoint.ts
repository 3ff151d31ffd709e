import type { LedgerStore } from '../ledger/ledger-store';
import { verifyRecord, type Finding, type Walked } from '../audit/verify-record';
import { signCheckpoint, type PublicKey, type SignedCheckpoint, type SigningKey, type StreamEnd } from './checkpoint';
import type { CheckpointChain } from './checkpoint-chain';
import { StreamEnds } from './stream-ends';

export interface CheckpointOptions {
  /** ISO 8601 with +08:00. */
  readonly now: string;
  /** Hands over to this key. */
  readonly nextKey?: PublicKey;
}
/** `findings`: the ledger is not what it was; nothing is signed over that. */
export type Made =
  { readonly ok: true; readonly signed: SignedCheckpoint; readonly records: number } | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * The checkpoint behind a chain: it covers the feed as far as it has come. Every record that is new since then is checked, from
 * the end that the chain knows, before its stream's new end is signed.
 */
export const makeCheckpoint = async (
  store: LedgerStore,
  chain: CheckpointChain,
  key: SigningKey,
  { now, nextKey }: CheckpointOptions,
): Promise<Made> => {
  const { position, seqs } = await newInFeed(store, chain.head?.position ?? 0);
  const findings: Finding[] = [];
  const changed: StreamEnd[] = [];
  for (const entity of [...seqs.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    const end = await endOf(store, entity, seqs.get(entity) ?? 0, chain.ends.of(entity), findings);
    if (end !== null) changed.push(end);
  }
  if (findings.length > 0) return { ok: false, findings };
  const after = new StreamEnds();
  after.take(chain.ends.inOrder());
  after.take(changed);
  const signed = signCheckpoint(
    {
      ...{ n: (chain.head?.n ?? 0) + 1, time: now, prev: chain.headHash, position, records: position },
      ...{ streams: after.size, root: after.root(), changed, ...(nextKey === undefined ? {} : { nextKey }) },
    },
    key,
  );
  return { ok: true, signed, records: position };
};

/** How far the feed has come, and the highest seq of each stream that has new rows in it. Its positions have no gap, so they count records. */
const newInFeed = async (store: LedgerStore, after: number): Promise<{ readonly position: number; readonly seqs: ReadonlyMap<string, number> }> => {
  const seqs = new Map<string, number>();
  let position = after;
  for await (const row of store.feed
    .find({ _id: { $gt: after } })
    .sort({ _id: 1 })
    .batchSize(10_000)) {
    if (row._id !== position + 1) break; // what is behind a gap comes with the next one
    position = row._id;
    seqs.set(row.entity, Math.max(seqs.get(row.entity) ?? 0, row.seq));
  }
  return { position, seqs };
};

const endOf = async (
  store: LedgerStore,
  entity: string,
  seq: number,
  known: StreamEnd | undefined,
  findings: Finding[],
): Promise<StreamEnd | null> => {
  let at: Walked | null = known ?? null;
  for await (const document of store.ledger.find({ entity, seq: { $gt: known?.seq ?? 0, $lte: seq } }).sort({ seq: 1 })) {
    const wrong = verifyRecord(document, at);
    if (wrong.length > 0) {
      findings.push(...wrong);
      return null;
    }
    at = document;
  }
  if (at?.seq === seq) return { entity, seq, hash: at.hash };
  findings.push({ stream: entity, seq: (at?.seq ?? 0) + 1, kind: 'missing', detail: `the feed has seen ${seq} records of it` });
  return null;
};
