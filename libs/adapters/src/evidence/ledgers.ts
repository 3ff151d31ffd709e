import type { Db } from 'mongodb';
import { LedgerStore } from '@qiyue/engine-runtime';
import { AUDIT } from '../audit/facts';
import { ENTITY_AGGREGATES } from '../aggregates';
import { auditCheckpoints, CheckpointFolder } from './checkpoint-folder';
import type { Witnessed } from './verify-evidence';

/** The ledger of the entities, with its checkpoints in this folder. */
export const needsLedgerOf = (db: Db, folder: string): Witnessed => ({
  store: new LedgerStore(db),
  folder: new CheckpointFolder(folder),
  aggregates: ENTITY_AGGREGATES,
});

/** The ledger of facts, with its checkpoints beside those. */
export const auditLedgerOf = (db: Db, folder: string): Witnessed => ({
  store: new LedgerStore(db, AUDIT),
  folder: auditCheckpoints(folder),
  aggregates: [AUDIT],
});
