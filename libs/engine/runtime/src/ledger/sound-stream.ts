import type { LedgerDocument } from './documents';
import { UnsoundStream, type LedgerStore } from './ledger-store';

/** The whole stream of an entity; null when its records do not fit each other, which is noted as an incident. Rejects when MongoDB is away. */
export const soundStreamOrNull = async (ledger: Pick<LedgerStore, 'soundStream'>, entity: string): Promise<readonly LedgerDocument[] | null> => {
  try {
    return await ledger.soundStream(entity);
  } catch (error) {
    if (error instanceof UnsoundStream) return null;
    throw error;
  }
};
