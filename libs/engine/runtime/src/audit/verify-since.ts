import type { StreamEnd } from '../evidence/checkpoint';
import type { CheckpointChain } from '../evidence/checkpoint-chain';
import type { StreamEnds } from '../evidence/stream-ends';
import { streamHeads } from '../feed/stream-heads';
import type { LedgerStore } from '../ledger/ledger-store';
import type { Verification } from './verify-ledger';
import { verifyRecord, type Finding, type Walked } from './verify-record';

/** Where a checkpoint stood: what it covers is taken on its word. */
export interface Since {
  readonly ends: StreamEnds;
}

/** What is known besides of what came behind the checkpoint. */
export interface VerifySinceOptions {
  readonly entity?: string;
  /** What the last checkpoint has seen. */
  readonly ends?: StreamEnds;
  /** Knows what was given up since. */
  readonly chain?: Pick<CheckpointChain, 'isSettled'>;
}

/**
 * Looks only at what came behind a checkpoint: each stream that has grown since, in the feed or by a later checkpoint's word, from the end that
 * the checkpoint knows. Its own records are not looked at again, but that they still end as they did.
 */
export const verifySince = async (store: LedgerStore, since: Since, { entity, ends, chain }: VerifySinceOptions = {}): Promise<Verification> => {
  const owed = await owedSince(store, since, ends);
  const findings: Finding[] = [];
  let records = 0;
  const streams = [...owed.keys()].filter((stream) => entity === undefined || stream === entity).sort();
  for (const stream of streams) {
    const before = since.ends.of(stream);
    const from = before !== undefined && chain?.isSettled(before) === true ? undefined : before;
    const walked = await walk(store, stream, from, ends?.of(stream), owed.get(stream) ?? 0);
    records += walked.records;
    findings.push(...walked.findings);
  }
  return { ok: findings.length === 0, records, streams: streams.length, findings };
};

/** How far each stream must reach that is longer in the feed, or has another end by the last checkpoint, than by that one. */
const owedSince = async (store: LedgerStore, { ends: before }: Since, ends: StreamEnds | undefined): Promise<ReadonlyMap<string, number>> => {
  const owed = new Map<string, number>();
  const atLeast = (stream: string, seq: number) => owed.set(stream, Math.max(owed.get(stream) ?? 0, seq));
  for await (const { entity, seq } of streamHeads(store.feed)) if (seq !== before.of(entity)?.seq) atLeast(entity, seq);
  for (const { entity, seq } of ends?.inOrder() ?? []) if (before.of(entity)?.seq !== seq) atLeast(entity, seq);
  return owed;
};

const walk = async (
  store: LedgerStore,
  stream: string,
  from: StreamEnd | undefined,
  seen: StreamEnd | undefined,
  owedSeq: number,
): Promise<{ readonly records: number; readonly findings: readonly Finding[] }> => {
  const findings: Finding[] = [];
  let at: Walked | null = from ?? null;
  let records = 0;
  if (from !== undefined && (await store.hashAt(stream, from.seq)) !== from.hash)
    findings.push({ stream, seq: from.seq, kind: 'rewritten', detail: 'the record is not the one that the checkpoint has seen' });
  for await (const document of store.ledger.find({ entity: stream, seq: { $gt: from?.seq ?? 0 } }).sort({ seq: 1 })) {
    findings.push(...verifyRecord(document, at));
    if (document.seq === seen?.seq && document.hash !== seen.hash)
      findings.push({ stream, seq: document.seq, kind: 'rewritten', detail: 'the record is not the one that a checkpoint has seen' });
    at = document;
    records += 1;
  }
  const reached = at?.seq ?? 0;
  if (reached < owedSeq)
    findings.push({ stream, seq: reached + 1, kind: 'missing', detail: `feed or checkpoint have seen ${owedSeq} records of it` });
  return { records, findings };
};
