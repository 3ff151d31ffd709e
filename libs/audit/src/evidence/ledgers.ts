import type { Db } from 'mongodb';
import { maySayNothingOf, namesOf, type AnyAggregate } from '@qiyue/aggregate';
import { LedgerStore } from '@qiyue/engine-runtime';
import { AUDIT } from '../audit/facts';
import { auditCheckpoints, CheckpointFolder } from './checkpoint-folder';
import type { Witnessed } from './verify-evidence';

/** The ledger of the entities, with its checkpoints in this folder. */
export const entityLedgerOf = (db: Db, folder: string, aggregates: readonly Pick<AnyAggregate, 'decider' | 'commands'>[]): Witnessed => ({
  store: new LedgerStore(db),
  folder: new CheckpointFolder(folder),
  aggregates: namesOf(aggregates),
  maySayNothing: maySayNothingOf(aggregates),
});

/** The ledger of facts, with its checkpoints beside those. */
export const auditLedgerOf = (db: Db, folder: string): Witnessed => ({
  store: new LedgerStore(db, AUDIT),
  folder: auditCheckpoints(folder),
  aggregates: [AUDIT],
});
