import { hash } from 'node:crypto';
import { openMongo } from '@qiyue/platform';
import { LedgerStore, verifyLedger } from '@qiyue/engine-runtime';

/** One walk in a process of its own, so that the most memory it ever took is this walk's. */
export interface Walk {
  readonly records: number;
  readonly findings: number;
  readonly ms: number;
  /** The most that the process ever had of the machine, garbage and all. */
  readonly peakMiB: number;
  /** The most that was in use behind a collection, looked at every 10,000 records; 0 where nobody looked. */
  readonly liveMiB: number;
}

/** The bound: every record by a bare cursor in the same order, with one SHA-256 each. */
const bare = async (store: LedgerStore): Promise<Pick<Walk, 'records' | 'findings'>> => {
  let records = 0;
  let last = '';
  for await (const { canonical } of store.ledger.find({}).sort({ entity: 1, seq: 1 }).batchSize(1_000)) {
    last = hash('sha256', canonical, 'hex');
    records += 1;
  }
  if (records > 0 && last === '') throw new Error('nothing was hashed');
  return { records, findings: 0 };
};

const verified = async (store: LedgerStore, onProgress: () => void): Promise<Pick<Walk, 'records' | 'findings'>> => {
  const { records, findings } = await verifyLedger(store, { onProgress });
  return { records, findings: findings.length };
};

const main = async ([how, uri, database]: readonly string[]): Promise<Walk> => {
  const { client, db } = openMongo({ QIYUE_MONGODB_URI: uri ?? '', QIYUE_MONGODB_DATABASE: database ?? '' });
  const store = new LedgerStore(db);
  await store.ledger.findOne({}); // connected before the clock starts
  let liveMiB = 0;
  const look = (): void => {
    globalThis.gc?.();
    liveMiB = Math.max(liveMiB, Math.round((process.memoryUsage().heapUsed / 1_048_576) * 10) / 10);
  };
  const startMs = performance.now();
  const walked = await (how === 'bare' ? bare(store) : verified(store, how === 'live' ? look : () => undefined));
  const ms = performance.now() - startMs;
  await client.close();
  return { ...walked, ms, liveMiB, peakMiB: Math.round(process.resourceUsage().maxRSS / 1_024) };
};

void main(process.argv.slice(2)).then((walk) => process.stdout.write(JSON.stringify(walk)));
