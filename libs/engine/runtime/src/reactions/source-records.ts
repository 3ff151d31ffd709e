import { verifyRecord, type Finding } from '../audit/verify-record';
import type { LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import type { Stuck } from './parked-reactions';
import type { Reacted } from './reaction-progress';

/** Why a source stands still whose records are not those that were reacted to. */
export const REWRITTEN = 'rewritten';
const RECORDS_AT_ONCE = 200;

/**
 * The next records of a source behind the last that was reacted to, up to a seq that the ledger is known to hold; each held against the one in front of it. What
 * does not fit is noted as an incident.
 */
export const recordsBehind = async (
  ledger: Pick<LedgerStore, 'stream' | 'noteUnsound'>,
  entity: string,
  reacted: Reacted | null,
  upTo: number,
): Promise<{ readonly documents: readonly LedgerDocument[] } | Stuck> => {
  const from = reacted?.seq ?? 0;
  const to = Math.max(from, Math.min(upTo, from + RECORDS_AT_ONCE));
  const found = await ledger.stream(entity, Math.max(from, 1), to);
  if (reacted !== null && found[0]?.hash !== reacted.hash) return { seq: from, why: REWRITTEN, command: null };
  const documents = reacted === null ? found : found.slice(1);
  const finding = findingIn(documents, reacted) ?? (documents.length < to - from ? gapAt(entity, from + documents.length + 1) : null);
  if (finding === null) return { documents };
  await ledger.noteUnsound(finding);
  return { seq: finding.seq, why: finding.kind, command: null };
};

const findingIn = (documents: readonly LedgerDocument[], reacted: Reacted | null): Finding | null =>
  documents.flatMap((document, i) => verifyRecord(document, documents[i - 1] ?? reacted))[0] ?? null;

const gapAt = (stream: string, seq: number): Finding => ({ stream, seq, kind: 'gap', detail: `there is no record ${seq}` });
