import type { Client } from '@temporalio/client';
import { toShanghaiIso } from '@qiyue/engine';
import type { Clock, Logger } from '@qiyue/platform';
import type { Db } from 'mongodb';
import { CurrentTables } from './current-tables';
import { RetimeRuns } from './retime-runs';
import { TableStore } from './table-store';

const WITHIN_MS = 2_000;

/** The calendar and policy in force, for a process that brings none of its own: read, if MongoDB answers in time, and followed. To be stopped with the process. */
export const followTables = async (db: Db, client: Client, clock: Pick<Clock, 'nowMs'>, log: Logger): Promise<CurrentTables> => {
  const tables = new CurrentTables(new TableStore(db), log, {
    onLent: async ({ serial }) => void (await new RetimeRuns(client).start({ serial, importedAt: toShanghaiIso(clock.nowMs()) })),
  });
  await tables.start(WITHIN_MS);
  return tables;
};
