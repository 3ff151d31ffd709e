import { GENESIS_HASH } from '@qiyue/engine';
import { streamHeads } from '../feed/stream-heads';
import type { LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { verifyRecord, type Finding, type Walked } from './verify-record';

const FINDINGS_MAX = 1_000;
const PROGRESS_EVERY = 10_000;

export interface Verification {
  readonly ok: boolean;
  readonly records: number;
  readonly streams: number;
  /** At most 1,000; `ok` is false all the same beyond. */
  readonly findings: readonly Finding[];
}

/**
 * Walks all streams, or one, in order of entity and seq: every seq there, every link holding, every byte as hashed, every
 * copy true. A stream that is shorter than the feed knows has lost its end. Memory does not grow with the ledger.
 */
export const verifyLedger = async (
  store: LedgerStore,
  options: { readonly entity?: string; readonly onProgress?: (records: number) => void } = {},
): Promise<Verification> => {
  const filter = options.entity === undefined ? {} : { entity: options.entity };
  const findings: Finding[] = [];
  const fed = streamHeads(store.feed, filter);
  let records = 0;
  let streams = 0;
  let fedHead = await fed.next();
  const passFed = async (entity: string | null, seq: number): Promise<void> => {
    while (!fedHead.done && (entity === null || fedHead.value.entity <= entity)) {
      const { entity: stream, seq: fedSeq } = fedHead.value;
      const reached = stream === entity ? seq : 0;
      if (fedSeq > reached) findings.push({ stream, seq: reached + 1, kind: 'missing', detail: `the feed has seen ${fedSeq} records of it` });
      fedHead = await fed.next();
    }
  };
  let at: (Walked & { readonly entity: string }) | null = null;
  for await (const document of store.ledger.find(filter).sort({ entity: 1, seq: 1 }).batchSize(1_000)) {
    if (at !== null && at.entity !== document.entity) await passFed(at.entity, at.seq);
    if (at?.entity !== document.entity) streams += 1;
    if (findings.length < FINDINGS_MAX) findings.push(...verifyRecord(document, at?.entity === document.entity ? at : null));
    at = walked(document);
    records += 1;
    if (records % PROGRESS_EVERY === 0) options.onProgress?.(records);
  }
  if (at !== null) await passFed(at.entity, at.seq);
  await passFed(null, 0);
  return { ok: findings.length === 0, records, streams, findings: findings.slice(0, FINDINGS_MAX) };
};

/** After a finding the walk goes on from what is stored, so that one fault is not reported for every record behind it. */
const walked = ({ entity, seq, hash }: LedgerDocument): Walked & { readonly entity: string } => ({ entity, seq, hash: hash ?? GENESIS_HASH });
