import { GENESIS_HASH, sealRecord } from '@qiyue/engine';
import { toLedgerDocument, type LedgerDocument } from '../ledger/documents';

const ACTOR = { id: 'ann', role: 'resident', unit: null };

/** A stream of so many records, linked as the workflow links them. `noteOf`: what a record says instead of `note`, where it is not empty. */
export const streamOf = (entity: string, count: number, note = '', noteOf: (seq: number) => string = () => ''): readonly LedgerDocument[] => {
  const documents: LedgerDocument[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const prevHash = documents.at(-1)?.hash ?? GENESIS_HASH;
    const time = `2024-07-01T08:00:${String(seq % 60).padStart(2, '0')}.000+08:00`;
    const data = { note: noteOf(seq) || note };
    const body = { v: 1 as const, aggregate: 'need', entity, seq, type: 'Noted', time, actor: ACTOR, commandId: `c${seq}`, data, prevHash };
    documents.push(toLedgerDocument(sealRecord(body)));
  }
  return documents;
};
