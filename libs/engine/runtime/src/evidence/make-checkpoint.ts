import { FeedReader } from '../feed/feed-reader';
import { streamHeads } from '../feed/stream-heads';
import type { LedgerStore } from '../ledger/ledger-store';
import { verifyRecord, type Finding, type Walked } from '../audit/verify-record';
import {
  signCheckpoint,
  type Checkpoint,
  type PublicKey,
  type Restart,
  type Settlement,
  type SignedCheckpoint,
  type SigningKey,
  type StreamEnd,
} from './checkpoint';
import type { CheckpointChain } from './checkpoint-chain';
import { contradictedEnds } from './contradicted-ends';
import { StreamEnds } from './stream-ends';

/** What the next checkpoint says beside the feed. */
export interface CheckpointOptions {
  /** ISO 8601 with +08:00. */
  readonly now: string;
  /** Hands over to this key. */
  readonly nextKey?: PublicKey;
  /** What somebody gives up, and why. */
  readonly settled?: Settlement;
  /** The chain begins anew; for a first one only. */
  readonly restart?: Restart;
  /** Looks at what is to be signed for the first time, in the ledger's own words; what it finds is not signed. */
  readonly lookAt?: () => Promise<readonly Finding[]>;
}
/** `findings`: the ledger is not what it was; nothing is signed over that. */
export type Made =
  { readonly ok: true; readonly signed: SignedCheckpoint; readonly records: number } | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * The checkpoint behind a chain: it covers the feed as far as it has come.
 *
 * Contract:
 * 1. Every stream that is longer than the chain knows is covered, wherever its rows stand in the feed: after a restore positions are given a second
 *    time, so that they tell nothing.
 * 2. What is new is checked from the end that the chain knows, record by record, before the stream's new end is signed.
 * 3. What the chain has signed before is still there, or was given up. A ledger that lacks it, or holds another record there, gets no checkpoint.
 */
export const makeCheckpoint = async (store: LedgerStore, chain: CheckpointChain, key: SigningKey, options: CheckpointOptions): Promise<Made> => {
  const { now, nextKey, settled, restart } = options;
  const known = endsBehind(chain, settled);
  const position = await new FeedReader(store).headPosition();
  const findings: Finding[] = [];
  const changed: StreamEnd[] = [];
  for await (const { entity, seq } of streamHeads(store.feed)) {
    const end = known.of(entity);
    if (seq > (end?.seq ?? 0)) changed.push(...(await newEnd(store, { entity, seq }, end, findings)));
  }
  const named = new Set(findings.map(({ stream }) => stream)); // each stream once, where it begins to be wrong
  findings.push(...(await contradictedEnds(store, known)).map(({ finding }) => finding).filter(({ stream }) => !named.has(stream)));
  if (settled === undefined && position < (chain.head?.position ?? 0)) findings.push(feedIsShorter(position, chain.head));
  if (findings.length === 0) findings.push(...((await options.lookAt?.()) ?? []));
  if (findings.length > 0) return { ok: false, findings };
  known.take(changed);
  const records = known.inOrder().reduce((sum, { seq }) => sum + seq, 0);
  const body: Omit<Checkpoint, 'v' | 'keyId' | 'suite'> = {
    ...{ n: (chain.head?.n ?? 0) + 1, time: now, prev: chain.headHash, position, records, streams: known.size, root: known.root(), changed },
    ...(nextKey === undefined ? {} : { nextKey }),
    ...(settled === undefined ? {} : { settled }),
    ...(restart === undefined ? {} : { restart }),
  };
  return { ok: true, signed: signCheckpoint(body, key), records };
};

/** What the chain has signed and nobody gives up. */
const endsBehind = (chain: CheckpointChain, settled: Settlement | undefined): StreamEnds => {
  const ends = new StreamEnds();
  ends.take(chain.ends.inOrder());
  for (const { entity, seq, hash } of settled?.lost ?? []) {
    const end = ends.of(entity);
    if (end?.seq === seq && end.hash === hash) ends.drop(entity);
  }
  return ends;
};

const feedIsShorter = (position: number, head: Checkpoint | null): Finding => ({
  ...{ stream: 'feed', seq: position + 1, kind: 'missing' },
  detail: `checkpoint ${head?.n} has seen ${head?.position} places of the feed`,
});

/** Where a stream ends now; nothing when a record before that is not sound. */
const newEnd = async (
  store: LedgerStore,
  { entity, seq }: Pick<StreamEnd, 'entity' | 'seq'>,
  known: StreamEnd | undefined,
  findings: Finding[],
): Promise<readonly StreamEnd[]> => {
  let at: Walked | null = known ?? null;
  for await (const document of store.ledger.find({ entity, seq: { $gt: known?.seq ?? 0, $lte: seq } }).sort({ seq: 1 })) {
    const wrong = verifyRecord(document, at);
    findings.push(...wrong);
    if (wrong.length > 0) return [];
    at = document;
  }
  if (at?.seq === seq) return [{ entity, seq, hash: at.hash }];
  findings.push({ stream: entity, seq: (at?.seq ?? 0) + 1, kind: 'missing', detail: `the feed has seen ${seq} records of it` });
  return [];
};
