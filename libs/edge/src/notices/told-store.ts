import type { AnyChannel } from '@qiyue/notices';
import type { Collection, Db } from 'mongodb';
import type { InboxDoc } from './inbox-store';
import type { NoticeDoc, NoticeState } from './notice-document';

/** One thing that one recipient was told on one way, the inbox or another. Times are business times, ISO 8601 with +08:00. */
export interface Told {
  readonly key: string;
  readonly seq: number;
  readonly type: string;
  /** Key of the recipient: an actor or a post. */
  readonly recipient: string;
  readonly channel: AnyChannel;
  readonly state: NoticeState;
  readonly urgent: boolean;
  /** Of the event. */
  readonly at: string;
  /** Not before this. */
  readonly sendAt: string;
  /** When the recipient had it; null while it waits, and where it never came or nobody knows. */
  readonly toldAt: string | null;
  readonly attempts: number;
  readonly reason: string | null;
  readonly settledAt: string | null;
  /** When somebody first looked at it in the inbox; null: nobody has, or it went another way, of which nobody knows. */
  readonly readAt: string | null;
  /** How many have: several hold a post. */
  readonly readers: number;
}

/** One entity is told of in hundreds, with all departments called in thousands. */
const TOLD_MAX = 10_000;

/** What was told of one entity, in the inbox and beside it. It is read only: `InboxStore` and `NoticeStore` write. */
export class ToldStore {
  private readonly inbox: Collection<InboxDoc>;
  private readonly notices: Collection<NoticeDoc>;

  constructor(db: Db) {
    this.inbox = db.collection('inbox');
    this.notices = db.collection('notices');
  }

  async ensureIndexes(): Promise<void> {
    await this.inbox.createIndex({ needId: 1, at: -1 });
  }

  /** Newest first. `now`: business time; what an inbox shows later waits. */
  async of(entity: string, now: string): Promise<readonly Told[]> {
    const [inbox, notices] = await Promise.all([
      this.inbox.find({ needId: entity }).limit(TOLD_MAX).toArray(),
      this.notices.find({ needId: entity }).limit(TOLD_MAX).toArray(),
    ]);
    return [...inbox.map((document) => inInbox(document, now)), ...notices.map(toldOutward)].sort(newestFirst);
  }
}

const inInbox = ({ _id, seq, type, to, urgent, at, notBefore = at, read, archived, looked = {} }: InboxDoc, now: string): Told => {
  const isThere = notBefore <= now;
  const readers = new Set([read, archived, looked].flatMap((times) => Object.keys(times)));
  const first = [...readers].map((reader) => earliest(read[reader], archived[reader], looked[reader]));
  return {
    ...{ key: _id, seq, type, recipient: to, channel: 'inbox', state: isThere ? 'sent' : 'waiting', urgent, at, sendAt: notBefore },
    ...{ toldAt: isThere ? notBefore : null, attempts: isThere ? 1 : 0, reason: null, settledAt: isThere ? notBefore : null },
    ...{ readAt: first.sort()[0] ?? null, readers: first.length },
  };
};

/** As it stands beside what the inbox holds. */
export const toldOutward = ({ _id, seq, type, recipient, channel, state, urgent, at, sendAt, attempts, reason, settledAt }: NoticeDoc): Told => ({
  ...{ key: _id, seq, type, recipient, channel, state, urgent, at, sendAt, attempts, reason, settledAt },
  ...{ toldAt: state === 'sent' ? settledAt : null, readAt: null, readers: 0 },
});

const earliest = (...times: readonly (string | undefined)[]): string => times.filter((time) => time !== undefined).sort()[0] ?? '';

const newestFirst = (a: Told, b: Told): number => order(b.at, a.at) || b.seq - a.seq || order(a.key, b.key);
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
