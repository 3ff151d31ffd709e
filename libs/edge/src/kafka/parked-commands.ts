import { createHash } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { commandTypeNameOf, isEntityId, type Actor } from '@qiyue/engine';
import type { RightsSeal, Signed } from '../auth/rights-seal';
import type { IncomingMessage } from '@qiyue/platform';
import { aggregateOfTopic } from './our-topics';

/**
 * A command from the topic that had no outcome within its bound. Who sent it was verified when it was taken; the token is not kept, and the
 * row's MAC stands for it.
 */
export interface ParkedCommand extends Signed {
  /** `<topic>:<partition>:<offset>` */
  readonly _id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** What it keeps its order with. */
  readonly key: string;
  readonly commandId: string;
  readonly type: string;
  /** The entity; null for a command that starts one. Rows keep the name that they had while there were needs only. */
  readonly needId: string | null;
  readonly actor: Actor;
  /** Sealed: as it may lie on the topic. */
  readonly body: unknown;
  readonly receivedAt: string;
  /** SHA-256 of the message's value. */
  readonly hash: string;
  readonly parkedAt: Date;
  /** The last answer, or the name of an error. */
  readonly why: string;
  readonly attempts: number;
  /** Not tried again before. */
  readonly nextAt: Date;
  readonly lease?: { readonly by: string; readonly until: Date };
  /** None of ours has written it: it is never given to anybody, and holds nothing up. */
  readonly isForged?: true;
}

/** Why it is parked, where its sender has sent too many at once: it goes in its turn, and needs nobody. */
export const IN_A_CROWD = 'many-at-once';

/** Rows that nobody has found forged. */
export const NOT_FORGED = { isForged: { $exists: false } } as const;
const LEASE_MS = 30_000;
const IN_ORDER = { key: 1, partition: 1, offset: 1 } as const;
const KEY_CHARS_MAX = 200;

/** What a message keeps its order with; one without a key is on its own. */
export const parkingKeyOf = ({
  topic,
  partition,
  offset,
  key,
}: {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
}): string => {
  if (key === null) return `offset:${topic}:${partition}:${offset}`;
  return key.length <= KEY_CHARS_MAX ? key : `sha256:${createHash('sha256').update(key, 'utf8').digest('hex')}`;
};

/** The subject of a key's `command-parked` incident: a need's id, or what does not tell what a sender wrote. */
export const parkedSubjectOf = (key: string): string =>
  isEntityId(key) ? key : `key-${createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 16)}`;

/**
 * Commands that wait beside the topic, so that nothing else waits for them. Of one key in the order of the topic: only the first is tried,
 * by one process at a time, and later ones of the key stand behind it. Every method rejects while MongoDB is away.
 */
export class ParkedCommands {
  private readonly rows: Collection<ParkedCommand>;

  /** Without `rights` rows are neither signed nor looked at: for those who only list them. */
  constructor(
    db: Db,
    private readonly rights: Pick<RightsSeal, 'sign' | 'isRight'> | null = null,
  ) {
    this.rows = db.collection('parkedCommands');
  }

  async ensureIndexes(): Promise<void> {
    await this.rows.createIndex(IN_ORDER);
    await this.rows.createIndex({ needId: 1 });
  }

  /** Which of these keys has something parked; null when nothing is parked at all. */
  async keysAmong(keys: readonly string[]): Promise<ReadonlySet<string> | null> {
    if ((await this.rows.findOne(NOT_FORGED, { projection: { _id: 1 } })) === null) return null;
    return new Set(await this.rows.distinct('key', { key: { $in: [...keys] }, ...NOT_FORGED }));
  }

  async hasEntity(needId: string): Promise<boolean> {
    return (await this.rows.findOne({ needId, ...NOT_FORGED }, { projection: { _id: 1 } })) !== null;
  }

  /** What is parked already stays as it is. */
  async park(command: Omit<ParkedCommand, '_id' | 'parkedAt' | 'nextAt' | 'lease'>): Promise<void> {
    const { topic, partition, offset } = command;
    const now = new Date();
    const row = { ...command, _id: `${topic}:${partition}:${offset}` };
    const { _id, ...signed } = this.rights === null ? row : await this.rights.sign('parkedCommands', row);
    await this.rows.updateOne({ _id }, { $setOnInsert: { ...signed, parkedAt: now, nextAt: now } }, { upsert: true });
  }

  /** Ids of the first of each key that is due, the longest due first. */
  async due(limit: number): Promise<readonly string[]> {
    const heads = await this.rows
      .aggregate<{ readonly id: string }>([
        { $match: NOT_FORGED },
        { $sort: IN_ORDER },
        { $group: { _id: '$key', id: { $first: '$_id' }, nextAt: { $first: '$nextAt' } } },
        { $match: { nextAt: { $lte: new Date() } } },
        { $sort: { nextAt: 1 } },
        { $limit: limit },
      ])
      .toArray();
    return heads.map(({ id }) => id);
  }

  /** The first of a key, whether it is due or not. */
  async headOf(key: string): Promise<string | null> {
    return (await this.rows.findOne({ key, ...NOT_FORGED }, { sort: { ...IN_ORDER }, projection: { _id: 1 } }))?._id ?? null;
  }

  /** Null: another process has it, it is gone, or none of ours has written it. Rejects with `KeysUnavailable` when that cannot be told. */
  async lease(id: string, by: string): Promise<ParkedCommand | null> {
    const now = new Date();
    const row = await this.rows.findOneAndUpdate(
      { _id: id, $or: [{ lease: { $exists: false } }, { 'lease.until': { $lt: now } }] },
      { $set: { lease: { by, until: new Date(now.getTime() + LEASE_MS) } } },
      { returnDocument: 'after' },
    );
    if (row === null || this.rights === null || (await this.rights.isRight('parkedCommands', row))) return row;
    await this.rows.updateOne({ _id: id }, { $set: { isForged: true } });
    return null;
  }

  /** Still without an outcome: to be tried again after a pause. */
  async putBack(id: string, by: string, { why, pauseMs }: { readonly why: string; readonly pauseMs: number }): Promise<void> {
    await this.rows.updateOne(
      { _id: id, 'lease.by': by },
      { $set: { why, nextAt: new Date(Date.now() + pauseMs) }, $inc: { attempts: 1 }, $unset: { lease: '' } },
    );
  }

  async remove(id: string): Promise<void> {
    await this.rows.deleteOne({ _id: id });
  }

  /** Oldest first. */
  list(limit = 100): Promise<ParkedCommand[]> {
    return this.rows.find(NOT_FORGED).sort({ parkedAt: 1, _id: 1 }).limit(limit).toArray();
  }

  find(id: string): Promise<ParkedCommand | null> {
    return this.rows.findOne({ _id: id });
  }

  count(): Promise<number> {
    return this.rows.countDocuments(NOT_FORGED);
  }

  /** Has it tried within a moment, with all that stand before it. False: it is not there. */
  async retryNow(id: string): Promise<boolean> {
    const row = await this.rows.findOne({ _id: id }, { projection: { key: 1 } });
    if (row === null) return false;
    await this.rows.updateMany({ key: row.key }, { $set: { nextAt: new Date() } });
    return true;
  }
}

/** The message as far as it is still known: its body is sealed, and its sender's token was never kept. */
export const parkedMessageOf = ({ topic, partition, offset, key, commandId, type, needId, body, receivedAt }: ParkedCommand): IncomingMessage => ({
  ...{ topic, partition, offset: String(offset), key, headers: {}, timestampMs: Date.parse(receivedAt) },
  value: JSON.stringify({
    ...{ specversion: '1.0', id: commandId, source: '/qiyue/parked', type: commandTypeNameOf(aggregateOfTopic(topic) ?? '', type) },
    ...(needId === null ? {} : { subject: needId }),
    data: body,
  }),
});
