import type { AnyChannel, OutwardNotice } from '@qiyue/notices';
import type { Collection, Db, Filter } from 'mongodb';
import { insertNew } from '@qiyue/platform';
import { newNotice, type NoticeDoc, type NoticeState } from './notice-document';

export interface Moment {
  /** Business time, ISO 8601 with +08:00. */
  readonly now: string;
  /** The machine's clock, ms since 1970. */
  readonly realMs: number;
}
export interface Lease {
  readonly id: string;
  readonly untilMs: number;
}
export type Settlement =
  | { readonly state: 'sent'; readonly reference: string | null }
  | { readonly state: 'refused' | 'hanging'; readonly reason: string }
  | { readonly state: 'waiting'; readonly reason: string; readonly retryAtMs: number };

export interface NoticeQuery {
  readonly state?: NoticeState | undefined;
  readonly channel?: AnyChannel | undefined;
  readonly type?: string | undefined;
  readonly entity?: string | undefined;
  /** The last of the page before. */
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
}

const LEASE_RAN_OUT = 'the lease ran out';
/** The one refusal that is as it was meant. */
export const OVER_BUDGET = 'over the budget of short messages';
const RETRYABLE = ['hanging', 'refused'] as const satisfies readonly NoticeState[];

/**
 * Notices on their way out.
 *
 * Contract:
 * 1. A key is inserted once; the same again changes nothing.
 * 2. A notice is claimed by one sender at a time, under a lease, and leaves `claimed` by a settlement or by the lease running
 *    out. The latter hangs: it may have been sent.
 * 3. What hangs or was refused waits again only when an operator says so.
 */
export class NoticeStore {
  private readonly notices: Collection<NoticeDoc>;

  constructor(db: Db) {
    this.notices = db.collection('notices');
  }

  /** Those for one recipient, with the address that they went or would have gone to. One that is being sent goes with its settlement. */
  async removeOf(recipient: string): Promise<number> {
    return (await this.notices.deleteMany({ recipient })).deletedCount;
  }

  /** The newest for one recipient, as `removeOf` would take them out. */
  listOf(recipient: string, limit: number): Promise<NoticeDoc[]> {
    return this.notices.find({ recipient }).sort({ at: -1, _id: -1 }).limit(limit).toArray();
  }

  async ensureIndexes(): Promise<void> {
    await this.notices.createIndex({ state: 1, urgent: -1, sendAt: 1 });
    await this.notices.createIndex({ state: 1, leaseUntilMs: 1 });
    await this.notices.createIndex({ lease: 1 });
    await this.notices.createIndex({ state: 1, settledAt: 1 }, { partialFilterExpression: { state: { $in: [...RETRYABLE] } } });
    await this.notices.createIndex({ needId: 1, at: -1 });
    await this.notices.createIndex({ at: -1, _id: -1 });
  }

  insert(notices: readonly OutwardNotice[]): Promise<void> {
    return insertNew(this.notices, notices.map(newNotice));
  }

  /** What could be sent now, urgent ones first, then the longest due, but nothing for these targets. */
  due({ now, realMs }: Moment, notFor: readonly string[], limit: number): Promise<NoticeDoc[]> {
    const filter = { state: 'waiting' as const, sendAt: { $lte: now }, retryAtMs: { $lte: realMs }, target: { $nin: [...notFor] } };
    return this.notices.find(filter).sort({ urgent: -1, sendAt: 1, _id: 1 }).limit(limit).toArray();
  }

  /** Those of the keys that nobody else had claimed. */
  async claim(keys: readonly string[], { id, untilMs }: Lease): Promise<NoticeDoc[]> {
    const change = { $set: { state: 'claimed' as const, lease: id, leaseUntilMs: untilMs }, $inc: { attempts: 1 } };
    await this.notices.updateMany({ _id: { $in: [...keys] }, state: 'waiting' }, change);
    return this.notices.find({ lease: id }).sort({ sendAt: 1, _id: 1 }).toArray();
  }

  /** A sender that was taken for dead and comes with its answer after all is still right about it, unless it was sent anew meanwhile. */
  async settle(lease: string, settlement: Settlement, settledAt: string): Promise<void> {
    const { state } = settlement;
    const change = {
      state,
      leaseUntilMs: null,
      lease: state === 'hanging' ? lease : null,
      reason: 'reason' in settlement ? settlement.reason : null,
      reference: settlement.state === 'sent' ? settlement.reference : null,
      settledAt: state === 'waiting' ? null : settledAt,
      ...(settlement.state === 'waiting' ? { retryAtMs: settlement.retryAtMs } : {}),
    };
    await this.notices.updateMany({ lease, state: { $in: ['claimed', 'hanging'] } }, { $set: change });
  }

  /** An office has had its word at `at`, before what waited for that was due: nobody is to be told any more. */
  async callOff(entity: string, at: string): Promise<void> {
    await this.notices.deleteMany({ needId: entity, awaitsWord: true, state: 'waiting', sendAt: { $gt: at } });
  }

  /** Answers how many were found whose sender has died, or was cut off, behind the claim. */
  async hangDead({ now, realMs }: Moment): Promise<number> {
    const change = { $set: { state: 'hanging' as const, leaseUntilMs: null, reason: LEASE_RAN_OUT, settledAt: now } };
    return (await this.notices.updateMany({ state: 'claimed', leaseUntilMs: { $lt: realMs } }, change)).modifiedCount;
  }

  /** What was settled since then and may need to be sent once more, by channel. Business time, ISO 8601 with +08:00. */
  async undelivered(since: string): Promise<Readonly<Record<(typeof RETRYABLE)[number], Readonly<Record<string, number>>>>> {
    const match = { state: { $in: [...RETRYABLE] }, settledAt: { $gte: since }, reason: { $ne: OVER_BUDGET } };
    const groups = [{ $match: match }, { $group: { _id: { state: '$state', channel: '$channel' }, count: { $sum: 1 } } }];
    const rows = await this.notices.aggregate<{ _id: Pick<NoticeDoc, 'state' | 'channel'>; count: number }>(groups).toArray();
    const of = (state: NoticeState) =>
      Object.fromEntries(rows.filter(({ _id }) => _id.state === state).map(({ _id, count }) => [_id.channel, count]));
    return { refused: of('refused'), hanging: of('hanging') };
  }

  async find(key: string): Promise<NoticeDoc | null> {
    return this.notices.findOne({ _id: key });
  }

  /** Newest first. */
  list({ state, channel, type, entity, after, limit }: NoticeQuery): Promise<NoticeDoc[]> {
    const conditions: Filter<NoticeDoc>[] = [
      ...(state === undefined ? [] : [{ state }]),
      ...(channel === undefined ? [] : [{ channel } as Filter<NoticeDoc>]),
      ...(type === undefined ? [] : [{ type }]),
      ...(entity === undefined ? [] : [{ needId: entity }]),
      ...(after === undefined ? [] : [{ $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.id } }] }]),
    ];
    return this.notices
      .find(conditions.length === 0 ? {} : { $and: conditions })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }

  /** Lets one be sent once more, whatever it costs; false when it neither hangs nor was refused. */
  async retry(key: string, now: string): Promise<boolean> {
    const change = { state: 'waiting' as const, sendAt: now, retryAtMs: 0, lease: null, reason: null, settledAt: null };
    const free = { $set: change, $unset: { budgets: '' as const } };
    return (await this.notices.updateOne({ _id: key, state: { $in: [...RETRYABLE] } }, free)).modifiedCount === 1;
  }
}
