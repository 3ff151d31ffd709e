import { instantMsOf } from '@qiyue/engine';
import { FeedReader, type LedgerDocument, type LedgerStore } from '@qiyue/engine-runtime';
import type { Clock } from '@qiyue/platform';
import type { RelayHealth } from './snapshot';

const PAGE = 200;
/** How far back from the ledger's end records without a place in the feed are looked for. */
const LOOKED_MAX = 2_000;

type End = Pick<LedgerDocument, '_id' | 'entity' | 'seq' | 'time'>;

/** How far the topic is behind the ledger: what the feed holds and the topic does not, and what the ledger's end holds and the feed does not. */
export const relayHealth = async (store: LedgerStore, { nowMs, pace }: Pick<Clock, 'nowMs' | 'pace'>): Promise<RelayHealth> => {
  const publishedN =
    (await store.db.collection<{ _id: string; publishedN: number }>(store.nameOf('relay')).findOne({ _id: 'relay' }))?.publishedN ?? 0;
  const [head, next, unfed] = await Promise.all([
    new FeedReader(store).headPosition(),
    store.feed.findOne({ _id: { $gt: publishedN } }, { sort: { _id: 1 } }),
    unfedAtEnd(store),
  ]);
  const records = Math.max(0, head - publishedN) + unfed.length;
  const first = next === null ? (unfed.at(-1) ?? null) : await timeOf(store, next);
  const ageMs = first === null ? 0 : (nowMs() - instantMsOf(String(first.time))) / (pace?.factor ?? 1); // in a rehearsal business time runs faster
  const seconds = Number.isNaN(ageMs) ? TIMELESS_S : Math.round(Math.max(0, ageMs) / 1_000);
  return { records, seconds, next: first && { entity: first.entity, seq: first.seq } };
};

/** What has no time that can be read is no record of ours, and is to be seen. */
const TIMELESS_S = 86_400;

const timeOf = (store: LedgerStore, { entity, seq }: Pick<End, 'entity' | 'seq'>): Promise<End | null> =>
  store.ledger.findOne<End>({ entity, seq }, { projection: { entity: 1, seq: 1, time: 1 } });

/** Newest first, back to where all are fed. */
const unfedAtEnd = async (store: LedgerStore): Promise<readonly End[]> => {
  const unfed: End[] = [];
  for (let looked = 0; looked < LOOKED_MAX; looked += PAGE) {
    const page = await newest(store, looked);
    const fed = await fedOf(store, page);
    const missing = page.filter(({ _id }) => !fed.has(_id));
    if (missing.length === 0) break;
    unfed.push(...missing);
  }
  return unfed;
};

/** In the order in which they were inserted. */
const newest = (store: LedgerStore, skip: number): Promise<End[]> =>
  store.ledger
    .find<End>({}, { projection: { entity: 1, seq: 1, time: 1 } })
    .sort({ $natural: -1 })
    .skip(skip)
    .limit(PAGE)
    .toArray();

const fedOf = async (store: LedgerStore, page: readonly End[]): Promise<ReadonlySet<string>> => {
  if (page.length === 0) return new Set();
  const rows = await store.feed.find({ $or: page.map(({ entity, seq }) => ({ entity, seq })) }).toArray();
  return new Set(rows.map(({ entity, seq }) => `${entity}:${seq}`));
};
