import type { Collection, Db } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';
import type { Fault } from '../fault';
import type { NamedCommand } from './parked-reactions';

/** What can have become of a row: see `RefusedReactionState`. */
export const REFUSED_REACTION_STATES = ['open', 'acknowledged', 'skipped', 'done'] as const;
/** `open`: nobody has looked at it; `acknowledged`: an operator has; `skipped`: an operator gave it up before it had an outcome; `done`: it broke once, and has been made since. */
export type RefusedReactionState = (typeof REFUSED_REACTION_STATES)[number];

/** A reaction that did not do what it was to do, and that nothing waits for. */
export interface RefusedReaction {
  /** The command's id; of a reaction that broke, what the ids of its commands begin with, and `/broken`. */
  readonly _id: string;
  /** Where it comes from. */
  readonly source: { readonly aggregate: string; readonly entity: string; readonly seq: number };
  readonly reaction: string;
  /** Null: the reaction broke before there was one. */
  readonly command: NamedCommand | null;
  /** The refusal's code, or the name of an error. */
  readonly why: string;
  /** What it broke by, the last time; of one that was refused there is none. */
  readonly fault?: Fault;
  /** How often one that broke was tried. */
  readonly tries?: number;
  /** ISO 8601 with +08:00. */
  readonly at: string;
  readonly state: RefusedReactionState;
  /** An operator has asked for one that broke to be made: not before this. */
  readonly retryAt?: Date;
}

type NewRow = Omit<RefusedReaction, 'at' | 'state' | 'retryAt' | 'tries'>;

/**
 * Reactions that were refused by the rules, that broke, or that an operator gave up. A row is there before progress goes on, so none is forgotten; one that
 * comes again with a topic that is read anew stays as the operator has left it. Every method rejects while MongoDB is away.
 */
export class RefusedReactions {
  private readonly rows: Collection<RefusedReaction>;

  constructor(db: Db) {
    this.rows = db.collection('refusedReactions');
  }

  /** Makes the index that is not there yet. */
  async ensureIndexes(): Promise<void> {
    await this.rows.createIndex({ state: 1, at: 1 });
  }

  /** Notes one as open; what is known of it already stays. */
  async note({ _id, ...row }: NewRow): Promise<void> {
    const tried = row.command === null ? { $inc: { tries: 1 } } : {};
    await this.rows.updateOne({ _id }, { $setOnInsert: { ...row, at: toShanghaiIso(Date.now()), state: 'open' }, ...tried }, { upsert: true });
  }

  /** It is passed by from now on, whenever it comes. */
  async noteSkipped({ _id, ...row }: NewRow): Promise<void> {
    await this.rows.updateOne({ _id }, { $set: { ...row, at: toShanghaiIso(Date.now()), state: 'skipped' } }, { upsert: true });
  }

  /** Which of these an operator gave up. */
  async skippedAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const rows = await this.rows.find({ _id: { $in: [...ids] }, state: 'skipped' }, { projection: { _id: 1 } }).toArray();
    return new Set(rows.map(({ _id }) => _id));
  }

  /** False: it is not there, or no longer open. */
  async acknowledge(id: string): Promise<boolean> {
    return (await this.rows.updateOne({ _id: id, state: 'open' }, { $set: { state: 'acknowledged' } })).matchedCount === 1;
  }

  /** False: it did not break. What the rules have refused they refuse for ever. */
  async askAgain(id: string): Promise<boolean> {
    return (await this.rows.updateOne({ _id: id, command: null }, { $set: { state: 'open', retryAt: new Date() } })).matchedCount === 1;
  }

  /** Those of these kinds that were asked for again, the longest first. */
  askedAgain(aggregates: readonly string[], limit: number): Promise<RefusedReaction[]> {
    const due = { state: 'open' as const, retryAt: { $lte: new Date() }, 'source.aggregate': { $in: [...aggregates] } };
    return this.rows.find(due).sort({ retryAt: 1 }).limit(limit).toArray();
  }

  /** One that broke has been made. */
  async isDone(id: string): Promise<void> {
    await this.rows.updateOne({ _id: id }, { $set: { state: 'done' }, $unset: { retryAt: '' } });
  }

  /** To be tried again after a pause. */
  async putBack(id: string, why: string, pauseMs: number): Promise<void> {
    await this.rows.updateOne({ _id: id }, { $set: { why, retryAt: new Date(Date.now() + pauseMs) } });
  }

  /** One that broke again waits for an operator. */
  async brokeAgain(id: string, fault: Fault): Promise<void> {
    await this.rows.updateOne({ _id: id }, { $set: { why: fault.name, fault }, $inc: { tries: 1 }, $unset: { retryAt: '' } });
  }

  /** Open ones, oldest first. */
  list(limit = 100): Promise<RefusedReaction[]> {
    return this.rows.find({ state: 'open' }).sort({ at: 1, _id: 1 }).limit(limit).toArray();
  }

  /** The row, whatever its state; null where there is none. */
  find(id: string): Promise<RefusedReaction | null> {
    return this.rows.findOne({ _id: id });
  }

  /** Open ones. */
  count(): Promise<number> {
    return this.rows.countDocuments({ state: 'open' });
  }
}
