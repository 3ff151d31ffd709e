import type { Collection, Db } from 'mongodb';
import { DAY_MS, toShanghaiIso } from '@qiyue/engine';
import {
  ParkedReactions,
  RefusedReactions,
  type Incidents,
  type ForkDocument,
  type LedgerStore,
  type QuarantineDocument,
} from '@qiyue/engine-runtime';
import { NoticeStore } from '../notices/notice-store';
import type { Counted, SystemSnapshot, UndeliveredNotices } from './snapshot';

export const SHOWN_MAX = 50;
const REASONS_MAX = 50;

const countsBy = async (collection: Collection, field: string, match: object = {}): Promise<Readonly<Record<string, number>>> => {
  const groups = [{ $match: match }, { $group: { _id: `$${field}`, count: { $sum: 1 } } }, { $sort: { count: -1 } }, { $limit: REASONS_MAX }];
  const rows = await collection.aggregate<{ _id: unknown; count: number }>(groups).toArray();
  return Object.fromEntries(rows.map(({ _id, count }) => [String(_id), count]));
};

/** What read models have set aside, none included. An entity that several of them could not take is one. */
export const quarantineHealth = async (db: Db, models: readonly string[]): Promise<NonNullable<SystemSnapshot['quarantined']>> => {
  const rows = db.collection<QuarantineDocument>('quarantine');
  const entities = [{ $group: { _id: '$entity' } }, { $group: { _id: null, count: { $sum: 1 } } }];
  const [counted, [all], seen] = await Promise.all([
    countsBy(db.collection('quarantine'), 'model'),
    rows.aggregate<{ readonly count: number }>(entities).toArray(),
    rows
      .find()
      .sort({ seenAt: 1, _id: 1 })
      .limit(2 * SHOWN_MAX)
      .toArray(),
  ]);
  const byModel = { ...Object.fromEntries(models.map((name) => [name, 0])), ...counted };
  const first = seen.filter(({ entity }, i) => seen.findIndex((row) => row.entity === entity) === i).slice(0, SHOWN_MAX);
  return { byModel, count: all?.count ?? 0, first };
};

/** Entities with two histories, which take no commands. */
export const forkHealth = async ({ forks }: Pick<LedgerStore, 'forks'>): Promise<Counted<ForkDocument>> => {
  const [count, first] = await Promise.all([forks.countDocuments(), forks.find().sort({ seenAt: 1 }).limit(SHOWN_MAX).toArray()]);
  return { count, first };
};

/** What should follow from records and does not. */
export const reactionHealth = async (db: Db): Promise<NonNullable<SystemSnapshot['reactions']>> => {
  const [parked, refused] = await Promise.all(
    [new ParkedReactions(db), new RefusedReactions(db)].map(async (rows) => ({ count: await rows.count(), first: await rows.list(SHOWN_MAX) })),
  );
  return { parked, refused } as NonNullable<SystemSnapshot['reactions']>;
};

/** As the worker has noted them. */
export const sagaHealth = async (incidents: Pick<Incidents, 'counts' | 'list'>): Promise<NonNullable<SystemSnapshot['sagas']>> => {
  const [counts, [oldest]] = await Promise.all([incidents.counts(), incidents.list('saga-waiting', 1)]);
  const oldestMs = oldest === undefined ? 0 : Math.max(0, Date.now() - Date.parse(oldest.since));
  return { waiting: counts['saga-waiting'], oldestSeconds: Math.round(oldestMs / 1_000) };
};

/** Dead letters that nobody has looked at, by reason. */
export const deadLetterHealth = (db: Db): Promise<Readonly<Record<string, number>>> =>
  countsBy(db.collection('deadLetters'), 'reason', { state: 'open' });

/** Whom a word did not reach within so many days has heard it otherwise, or never will. */
const UNDELIVERED_DAYS = 7;

/** `nowMs`: business time. What was over a budget was meant to stay. */
export const noticeHealth = (db: Db, nowMs: number): Promise<UndeliveredNotices> =>
  new NoticeStore(db).undelivered(toShanghaiIso(nowMs - UNDELIVERED_DAYS * DAY_MS));
