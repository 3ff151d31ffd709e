import { createHash, randomBytes } from 'node:crypto';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Collection, Db } from 'mongodb';

/** In the place of a kind's name; none is called so. */
export const EVERY_KIND = '*';

/** A calendar that somebody subscribes to, as it may be shown: never its secret. Times are ISO 8601 with +08:00. */
export interface CalendarFeed {
  readonly feedId: string;
  /** Of the one kind of entities that it shows; `EVERY_KIND`: of all. */
  readonly aggregate: string;
  /** Of whoever it is for: a unit's by its name, or a person's. */
  readonly role: string;
  readonly unit: string | null;
  /** The person that it is for; null: the unit. */
  readonly person: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  /** The day of its last use, YYYY-MM-DD in Shanghai; written once a day. */
  readonly lastUsedOn: string | null;
}
interface FeedDoc extends Omit<CalendarFeed, 'feedId'> {
  readonly _id: string;
  /** SHA-256 of the secret, hex. The secret is 256 random bits, so nothing slower is needed to keep it from being guessed. */
  readonly hash: string;
}
export type NewFeed = Pick<CalendarFeed, 'aggregate' | 'role' | 'unit' | 'person'>;

const FORM = /^[A-Za-z0-9_-]{43}$/;
const DATE_LENGTH = 'YYYY-MM-DD'.length;
/** So many may one owner have: a feed that nobody remembers is to be revoked, not kept beside another. */
export const FEEDS_MAX = 20;

/**
 * Secret addresses of calendars. Contract: the secret is in the answer of `create` and nowhere else; a wrong secret and that of a feed that was revoked
 * take the same one look; whoever has the secret reads that calendar and nothing else.
 */
export class CalendarFeedStore {
  private readonly feeds: Collection<FeedDoc>;

  constructor(
    db: Db,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.feeds = db.collection('calendarFeeds');
  }

  async ensureIndexes(): Promise<void> {
    await this.feeds.createIndex({ hash: 1 }, { unique: true });
    await this.feeds.createIndex({ person: 1 });
    await this.feeds.createIndex({ role: 1, unit: 1 });
  }

  /** Null when the owner has as many as one may have. */
  async create(asked: NewFeed, by: Actor): Promise<{ readonly feed: CalendarFeed; readonly secret: string } | null> {
    if ((await this.feeds.countDocuments(ownedBy(asked))) >= FEEDS_MAX) return null;
    const secret = randomBytes(32).toString('base64url');
    const doc: FeedDoc = {
      ...{ _id: randomBytes(8).toString('hex'), hash: hashOf(secret), ...asked },
      ...{ createdAt: toShanghaiIso(this.nowMs()), createdBy: by.id, lastUsedOn: null },
    };
    await this.feeds.insertOne(doc);
    if ((await this.feeds.countDocuments(ownedBy(asked))) <= FEEDS_MAX) return { feed: shown(doc), secret };
    await this.revoke(doc._id); // others were made in the same moment: the last that looks sees all of them
    return null;
  }

  /** All of them, newest first. */
  async list(owner: Pick<NewFeed, 'role' | 'unit' | 'person'>): Promise<readonly CalendarFeed[]> {
    return (await this.feeds.find(ownedBy(owner)).sort({ createdAt: -1, _id: -1 }).toArray()).map(shown);
  }

  async get(feedId: string): Promise<CalendarFeed | null> {
    const found = await this.feeds.findOne({ _id: feedId });
    return found === null ? null : shown(found);
  }

  /** Null for a secret of none. Notes the day. */
  async bySecret(secret: string): Promise<CalendarFeed | null> {
    const found = await this.feeds.findOne({ hash: hashOf(FORM.test(secret) ? secret : '') });
    if (found === null) return null;
    const today = toShanghaiIso(this.nowMs()).slice(0, DATE_LENGTH);
    if (found.lastUsedOn !== today) await this.feeds.updateOne({ _id: found._id }, { $set: { lastUsedOn: today } });
    return shown(found);
  }

  /** Its address leads nowhere from now on. */
  async revoke(feedId: string): Promise<void> {
    await this.feeds.deleteOne({ _id: feedId });
  }

  /** Those of a person. */
  async removeOf(person: string): Promise<number> {
    return (await this.feeds.deleteMany({ person })).deletedCount;
  }
}

const ownedBy = ({ role, unit, person }: Pick<NewFeed, 'role' | 'unit' | 'person'>) => (person === null ? { role, unit, person } : { person });

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const shown = ({ _id, hash: _, ...feed }: FeedDoc): CalendarFeed => ({ feedId: _id, ...feed });
