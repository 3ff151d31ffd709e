import type { Collection, Db } from 'mongodb';
import type { Fault } from '../fault';

const LEASE_MS = 30_000;

/** A command that a reaction gives, as an operator is told of it. */
export interface NamedCommand {
  readonly commandId: string;
  readonly aggregate: string;
  readonly entity: string;
  readonly type: string;
}

/** Where the reactions to a source stand still. */
export interface Stuck {
  /** Of the source's record. */
  readonly seq: number;
  /** The last answer, what is wrong with the source's records, or the name of an error. */
  readonly why: string;
  /** What has no outcome; null where it is the source itself. */
  readonly command: NamedCommand | null;
  /** Where a reaction broke: which, and by what. */
  readonly broke?: BrokenReaction | null;
}

/** A reaction whose code failed. */
export interface BrokenReaction {
  readonly reaction: string;
  readonly fault: Fault;
}

/** A source whose reactions wait beside the topic, so that no other source waits for it. */
export interface ParkedReaction extends Stuck {
  /** The source's entity. */
  readonly _id: string;
  readonly aggregate: string;
  /** The last of its records that has come meanwhile. */
  readonly upTo: number;
  readonly attempts: number;
  readonly parkedAt: Date;
  /** Not tried again before. */
  readonly nextAt: Date;
  readonly lease?: { readonly by: string; readonly until: Date };
}

/**
 * Sources that stand aside, one row each. What of them comes from the topic stands behind; whoever has the lease goes on with them out of the ledger. A row
 * holds no command, only which it is: nothing is given to anybody because of what a row says. Every method rejects while MongoDB is away.
 */
export class ParkedReactions {
  private readonly rows: Collection<ParkedReaction>;

  constructor(db: Db) {
    this.rows = db.collection('parkedReactions');
  }

  /** Which of these sources are parked. */
  async among(entities: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.rows.find({ _id: { $in: [...entities] } }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** A source that is parked already goes on waiting as it did, for its newest trouble. */
  async park({ _id, aggregate, upTo }: Pick<ParkedReaction, '_id' | 'aggregate' | 'upTo'>, { seq, why, command, broke }: Stuck): Promise<void> {
    const now = new Date();
    await this.rows.updateOne(
      { _id },
      { $set: { seq, why, command, broke: broke ?? null }, $max: { upTo }, $setOnInsert: { aggregate, attempts: 0, parkedAt: now, nextAt: now } },
      { upsert: true },
    );
  }

  /** A later record of the source stands behind. False: the source is not parked any more. */
  async standBehind(entity: string, seq: number): Promise<boolean> {
    return (await this.rows.updateOne({ _id: entity }, { $max: { upTo: seq } })).matchedCount === 1;
  }

  /** Sources of these kinds that are due, the longest due first. */
  async due(aggregates: readonly string[], limit: number): Promise<readonly string[]> {
    const now = new Date();
    const rows = await this.rows
      .find({ aggregate: { $in: [...aggregates] }, nextAt: { $lte: now }, ...freeAt(now) }, { projection: { _id: 1 } })
      .sort({ nextAt: 1 })
      .limit(limit)
      .toArray();
    return rows.map(({ _id }) => _id);
  }

  /** Null: another process has it, or it is gone. */
  lease(entity: string, by: string): Promise<ParkedReaction | null> {
    const now = new Date();
    return this.rows.findOneAndUpdate({ _id: entity, ...freeAt(now) }, { $set: { lease: leaseOf(by) } }, { returnDocument: 'after' });
  }

  /** Its row as it is now, for as long again. Null: the lease was lost. */
  renew(entity: string, by: string): Promise<ParkedReaction | null> {
    return this.rows.findOneAndUpdate({ _id: entity, 'lease.by': by }, { $set: { lease: leaseOf(by) } }, { returnDocument: 'after' });
  }

  /** Still stuck: to be tried again after a pause. */
  async putBack(entity: string, by: string, { seq, why, command, broke }: Stuck, pauseMs: number): Promise<void> {
    await this.rows.updateOne(
      { _id: entity, 'lease.by': by },
      { $set: { seq, why, command, broke: broke ?? null, nextAt: new Date(Date.now() + pauseMs) }, $inc: { attempts: 1 }, $unset: { lease: '' } },
    );
  }

  /** All of it up to `upTo` has its outcome. False: more has come meanwhile, or the lease was lost. */
  async remove(entity: string, by: string, upTo: number): Promise<boolean> {
    return (await this.rows.deleteOne({ _id: entity, 'lease.by': by, upTo: { $lte: upTo } })).deletedCount === 1;
  }

  /** Oldest first. */
  list(limit = 100): Promise<ParkedReaction[]> {
    return this.rows.find().sort({ parkedAt: 1, _id: 1 }).limit(limit).toArray();
  }

  /** The row of a source; null where it is not parked. */
  find(entity: string): Promise<ParkedReaction | null> {
    return this.rows.findOne({ _id: entity });
  }

  /** How many sources are parked. */
  count(): Promise<number> {
    return this.rows.countDocuments();
  }

  /** Has it tried within a moment, by whoever holds no lease on it any more. False: it is not there. */
  async retryNow(entity: string, by?: string): Promise<boolean> {
    const release = by === undefined ? {} : { $unset: { lease: '' as const } };
    return (await this.rows.updateOne({ _id: entity }, { $set: { nextAt: new Date() }, ...release })).matchedCount === 1;
  }
}

const leaseOf = (by: string) => ({ by, until: new Date(Date.now() + LEASE_MS) });
const freeAt = (now: Date) => ({ $or: [{ lease: { $exists: false } }, { 'lease.until': { $lt: now } }] });
