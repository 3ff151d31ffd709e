import type { FeedDocument, LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { FeedReader } from './feed-reader';
import { relayStateOf } from './feed-publisher';
import { RelayAside, type AsideDocument } from './relay-aside';

const PAGE = 200;
/** How far back the ledger's end is looked through for what is not fed: beyond it the count is a lower bound. */
const UNFED_LOOKED_MAX = 2_000;

/** Where ledger, feed and topic stand. */
export interface RelayStatus {
  /** Everything up to this position is published or set aside. */
  readonly publishedN: number;
  readonly feedHead: number;
  /** Records at the ledger's end without a place in the feed; at most some thousands are counted. */
  readonly ledgerUnfed: number;
  /** `feedHead - publishedN + ledgerUnfed` */
  readonly lagRecords: number;
  /** Time of the oldest record that waits, ISO 8601 with +08:00; null when none does. What is set aside does not count. */
  readonly oldestUnpublishedAt: string | null;
  readonly aside: readonly AsideDocument[];
}

/** How far the topic is behind the ledger, and what the relay has set aside. Cheap: it reads the ends only, whatever the ledger's length. */
export const relayStatus = async (store: LedgerStore): Promise<RelayStatus> => {
  const publishedN = (await relayStateOf(store).findOne({ _id: 'relay' }))?.publishedN ?? 0;
  const feed = new FeedReader(store);
  const [feedHead, next, unfed, aside] = await Promise.all([
    feed.headPosition(),
    feed.rowsAfter(publishedN, 1),
    unfedAtEnd(store),
    new RelayAside(store).list(),
  ]);
  const behind = Math.max(0, feedHead - publishedN);
  return {
    publishedN,
    feedHead,
    ledgerUnfed: unfed.count,
    lagRecords: behind + unfed.count,
    oldestUnpublishedAt: next[0]?.document?.time ?? unfed.oldestAt,
    aside,
  };
};

type End = Pick<LedgerDocument, '_id' | 'entity' | 'seq' | 'time'>;

/** From the newest record back to where all are fed. */
const unfedAtEnd = async (store: LedgerStore): Promise<{ readonly count: number; readonly oldestAt: string | null }> => {
  let count = 0;
  let oldestAt: string | null = null;
  for (let looked = 0; looked < UNFED_LOOKED_MAX; looked += PAGE) {
    const page = await newest(store, looked);
    const fed = await fedOf(store, page);
    const unfed = page.filter(({ _id }) => !fed.has(_id));
    if (unfed.length === 0) break;
    count += unfed.length;
    oldestAt = unfed.reduce<string | null>((oldest, { time }) => (oldest === null || time < oldest ? time : oldest), oldestAt);
    if (page.length < PAGE) break;
  }
  return { count, oldestAt };
};

/** In the order in which they were inserted, newest first. */
const newest = (store: LedgerStore, skip: number): Promise<End[]> =>
  store.ledger
    .find({}, { projection: { entity: 1, seq: 1, time: 1 } })
    .sort({ $natural: -1 })
    .skip(skip)
    .limit(PAGE)
    .toArray();

const fedOf = async (store: LedgerStore, page: readonly End[]): Promise<ReadonlySet<string>> => {
  if (page.length === 0) return new Set();
  const rows = await store.feed
    .find<Pick<FeedDocument, 'entity' | 'seq'>>(
      { $or: page.map(({ entity, seq }) => ({ entity, seq })) },
      { projection: { _id: 0, entity: 1, seq: 1 } },
    )
    .toArray();
  return new Set(rows.map(({ entity, seq }) => `${entity}:${seq}`));
};
