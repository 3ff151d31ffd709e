import { sha256Hex } from '@qiyue/engine';
import { recipientKey, type InboxNotice } from '@qiyue/notices';
import type { Collection, Db, Document, Filter, UpdateFilter } from 'mongodb';
import { insertNew } from '@qiyue/platform';

/** Documents keep the name that they had while there were needs only. */
type Kept = { readonly needId: string } & Pick<InboxNotice, 'aggregate' | 'seq' | 'type' | 'asks' | 'urgent' | 'at' | 'words' | 'notBefore'>;

export interface InboxDoc extends Kept {
  /** The notice's key. */
  readonly _id: string;
  /** Key of the recipient: an actor, or a post that several read. */
  readonly to: string;
  /** Business times by reader: each has read or archived a post's notice for themselves only. */
  readonly read: Readonly<Record<string, string>>;
  readonly archived: Readonly<Record<string, string>>;
  /** When they first looked at what they marked as unread since: who was told stays told. */
  readonly looked?: Readonly<Record<string, string>>;
}

export const INBOX_STATES = ['unread', 'read', 'archived'] as const;
export type InboxState = (typeof INBOX_STATES)[number];

/** Who reads, and as whom they are addressed. */
export interface InboxReader {
  readonly id: string;
  readonly addresses: readonly string[];
  /** Business time; what is to be shown later is not there yet. */
  readonly now: string;
}
export interface InboxItem {
  readonly document: InboxDoc;
  readonly readAt: string | null;
  readonly archivedAt: string | null;
}
export interface InboxQuery {
  readonly state?: InboxState | undefined;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
}

const MARK_HEX = 24;

/** An id may hold whatever a field's name may not. */
const markOf = (readerId: string): string => sha256Hex(readerId).slice(0, MARK_HEX);

export class InboxStore {
  private readonly inbox: Collection<InboxDoc>;

  constructor(db: Db) {
    this.inbox = db.collection('inbox');
  }

  async ensureIndexes(): Promise<void> {
    await this.inbox.createIndex({ to: 1, at: -1, _id: -1 });
    await this.inbox.createIndex({ needId: 1, notBefore: 1 }, { partialFilterExpression: { notBefore: { $exists: true } } });
  }

  /** The same notice again changes nothing. */
  insert(notices: readonly InboxNotice[]): Promise<void> {
    return insertNew(
      this.inbox,
      notices.map(({ key, recipient, entity, aggregate, seq, type, asks, urgent, at, words, notBefore }) => ({
        ...{ _id: key, to: recipientKey(recipient), needId: entity, ...(aggregate === undefined ? {} : { aggregate }), seq, type, urgent, at, words },
        ...{ read: {}, archived: {} },
        ...(asks === undefined ? {} : { asks }),
        ...(notBefore === undefined ? {} : { notBefore }),
      })),
    );
  }

  /** What was addressed to one recipient, a person: whatever they were told goes with them. */
  async removeOf(to: string): Promise<number> {
    return (await this.inbox.deleteMany({ to })).deletedCount;
  }

  /** An office has had its word at `at`: what of this entity was not to be shown yet never is. */
  async callOff(entity: string, at: string): Promise<void> {
    await this.inbox.deleteMany({ needId: entity, notBefore: { $gt: at } });
  }

  /** Newest first. */
  async list(reader: InboxReader, { state, after, limit }: InboxQuery): Promise<InboxItem[]> {
    const conditions: Filter<InboxDoc>[] = [
      mine(reader),
      ...(state === undefined ? [] : [inState(state, markOf(reader.id))]),
      ...(after === undefined ? [] : [{ $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.id } }] }]),
    ];
    const found = await this.inbox.find({ $and: conditions }).sort({ at: -1, _id: -1 }).limit(limit).toArray();
    return found.map((document) => itemFor(document, reader));
  }

  unread(reader: InboxReader): Promise<number> {
    return this.inbox.countDocuments({ $and: [mine(reader), inState('unread', markOf(reader.id))] });
  }

  /** The item as it then is; null when it is not the reader's. What is in the state already keeps its time. */
  async mark(reader: InboxReader, key: string, state: InboxState, now: string): Promise<InboxItem | null> {
    const mark = markOf(reader.id);
    await this.inbox.updateOne({ $and: [{ _id: key }, mine(reader), NOT_YET[state](mark)] }, CHANGES[state](mark, now));
    const found = await this.inbox.findOne({ $and: [{ _id: key }, mine(reader)] });
    return found === null ? null : itemFor(found, reader);
  }
}

const mine = ({ addresses, now }: InboxReader): Filter<InboxDoc> =>
  ({ to: { $in: [...addresses] }, $or: [{ notBefore: null }, { notBefore: { $lte: now } }] }) as Filter<InboxDoc>;

const inState = (state: InboxState, mark: string): Filter<InboxDoc> =>
  state === 'archived'
    ? { [`archived.${mark}`]: { $exists: true } }
    : { [`archived.${mark}`]: { $exists: false }, [`read.${mark}`]: { $exists: state === 'read' } };

const NOT_YET: Readonly<Record<InboxState, (mark: string) => Filter<InboxDoc>>> = {
  unread: (mark) => ({ $or: [{ [`read.${mark}`]: { $exists: true } }, { [`archived.${mark}`]: { $exists: true } }] }),
  read: (mark) => ({ $or: [{ [`read.${mark}`]: { $exists: false } }, { [`archived.${mark}`]: { $exists: true } }] }),
  archived: (mark) => ({ [`archived.${mark}`]: { $exists: false } }),
};
const CHANGES: Readonly<Record<InboxState, (mark: string, now: string) => UpdateFilter<InboxDoc> | Document[]>> = {
  unread: (mark) => [
    { $set: { [`looked.${mark}`]: { $min: [`$looked.${mark}`, `$read.${mark}`, `$archived.${mark}`] } } },
    { $unset: [`read.${mark}`, `archived.${mark}`] },
  ],
  read: (mark, now) => ({ $set: { [`read.${mark}`]: now }, $unset: { [`archived.${mark}`]: '' } }) as UpdateFilter<InboxDoc>,
  archived: (mark, now) => ({ $set: { [`archived.${mark}`]: now } }) as UpdateFilter<InboxDoc>,
};

const itemFor = (document: InboxDoc, { id }: InboxReader): InboxItem => {
  const mark = markOf(id);
  return { document, readAt: document.read[mark] ?? null, archivedAt: document.archived[mark] ?? null };
};
