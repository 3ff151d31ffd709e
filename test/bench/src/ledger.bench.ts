import { randomBytes } from 'node:crypto';
import type { OutboxEntry } from '@qiyue/engine';
import { Appender, toLedgerDocument, type LedgerStore } from '@qiyue/engine-runtime';
import { outboxOf } from '@qiyue/testkit';
import { compare, nowMs, together, type BenchResult, type Measured } from './measure';
import { NEED } from './needs';
import { needLife } from './need-life';

const BATCH = 500;

/** Streams of whole lives, made without a server: `lives` needs of a dozen records each. */
const offers = (lives: number): readonly { readonly entity: string; readonly entries: readonly OutboxEntry[] }[] =>
  Array.from({ length: lives }, () => {
    const entity = randomBytes(13).toString('hex');
    return { entity, entries: outboxOf(NEED, entity, needLife()) };
  });

/** (d) Records into the ledger by its one road, beside `insertMany` of the same documents into a collection with the same indexes. */
export const ledgerBench = async (store: LedgerStore, lives: number, rounds: number): Promise<BenchResult> => {
  const ours: Measured[] = [];
  const bound: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bound.push(await rawInserts(store, offers(lives)));
    ours.push(await appends(store, offers(lives)));
  }
  return compare('ledger', 'records/s', together(ours), together(bound));
};

const appends = async (store: LedgerStore, offered: ReturnType<typeof offers>): Promise<Measured> => {
  const appender = new Appender(store);
  const startMs = nowMs();
  const results = await Promise.all(offered.map(({ entity, entries }) => appender.append({ aggregate: 'need', entity, entries })));
  if (results.some(({ status }) => status !== 'appended')) throw new Error('bench: an append failed');
  return { count: recordsIn(offered), wallMs: nowMs() - startMs, latenciesMs: [] };
};

const rawInserts = async (store: LedgerStore, offered: ReturnType<typeof offers>): Promise<Measured> => {
  const collection = store.db.collection<ReturnType<typeof toLedgerDocument>>('raw', { writeConcern: { w: 'majority', journal: true } });
  await collection.createIndex({ entity: 1, seq: 1 }, { unique: true });
  await collection.createIndex({ actorId: 1, time: 1 });
  const documents = offered.flatMap(({ entries }) => entries.flatMap(({ records }) => records.map(toLedgerDocument)));
  const startMs = nowMs();
  for (let from = 0; from < documents.length; from += BATCH) await collection.insertMany(documents.slice(from, from + BATCH), { ordered: false });
  return { count: documents.length, wallMs: nowMs() - startMs, latenciesMs: [] };
};

const recordsIn = (offered: ReturnType<typeof offers>): number =>
  offered.reduce((sum, { entries }) => sum + entries.flatMap(({ records }) => records).length, 0);
