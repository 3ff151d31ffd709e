import type { Collection, Db, Filter } from 'mongodb';
import type { CommandDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { LRUCache } from 'lru-cache';

/** Who asked for what, when, and what became of it: one row per command, refused ones too. */
export interface TrailEntry {
  readonly commandId: string;
  readonly aggregate: string;
  readonly entity: string;
  readonly command: string;
  readonly actorId: string;
  readonly role: string;
  readonly unit: string | null;
  readonly channel: CommandDocument['channel'];
  /** Receipt at the edge, ISO 8601 with +08:00. */
  readonly at: string;
  readonly state: CommandDocument['state'];
  /** Of a refusal. */
  readonly code: string | null;
}
type TrailDoc = Omit<TrailEntry, 'commandId'> & { readonly _id: string };

/** What is searched; every part that is given has to fit. */
export interface TrailQuery {
  readonly actorId?: string | undefined;
  readonly unit?: string | undefined;
  readonly command?: string | undefined;
  readonly entity?: string | undefined;
  readonly state?: CommandDocument['state'] | undefined;
  readonly code?: string | undefined;
  /** From this instant on, until before that one; ISO 8601 with +08:00. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The last of the page before. */
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** What somebody began: entities of which kind, by which command, at most how many. */
export type Begun = Pick<TrailEntry, 'aggregate' | 'command'> & { readonly limit: number };

const BATCH = 2_000;
const REMEMBERED = 20_000;
/** Rows are found by when they were noted, by the clocks of several processes: so far back it is looked again each time, … */
const OVERLAP_MS = 5_000;
/** … and so far back once in a while, for a write that was held up. */
const SWEEP_MS = 600_000;
const SWEEP_EVERY_MS = 60_000;
const SEARCHED = ['actorId', 'unit', 'command', 'entity', 'state', 'code'] as const;

/**
 * A copy of the commands to search by, with an index for each question. It is built behind the writing of the ledger, so no
 * command waits for its indexes, and it can be dropped: it is made anew from the beginning.
 */
export class Trail {
  private readonly entries: Collection<TrailDoc>;
  private readonly progress: Collection<{ readonly _id: string; readonly notedAt: Date }>;
  private readonly copied = new LRUCache<string, number>({ max: REMEMBERED });
  private sweptMs = 0;

  constructor(db: Db) {
    this.entries = db.collection('trail');
    this.progress = db.collection('trailProgress');
  }

  /** Makes the indexes that are not there yet. */
  async ensureIndexes(): Promise<void> {
    await this.entries.createIndex({ at: -1, _id: -1 });
    for (const field of SEARCHED) await this.entries.createIndex({ [field]: 1, at: -1, _id: -1 });
  }

  /** Copies what is new; answers how many rows. */
  async catchUp(store: Pick<LedgerStore, 'commands'>): Promise<number> {
    const last = (await this.progress.findOne({ _id: 'trail' }))?.notedAt.getTime() ?? 0;
    const isSweep = Date.now() - this.sweptMs > SWEEP_EVERY_MS;
    let from = new Date(Math.max(0, last - (isSweep ? SWEEP_MS : OVERLAP_MS)));
    let after: string | null = null;
    let count = 0;
    for (;;) {
      const behind: Filter<CommandDocument> =
        after === null ? { notedAt: { $gte: from } } : { $or: [{ notedAt: { $gt: from } }, { notedAt: from, _id: { $gt: after } }] };
      const rows = await store.commands.find(behind).sort({ notedAt: 1, _id: 1 }).limit(BATCH).toArray();
      count += await this.copy(rows);
      const end = rows.at(-1);
      if (end === undefined) break;
      [from, after] = [end.notedAt, end._id];
      await this.progress.updateOne({ _id: 'trail' }, { $max: { notedAt: end.notedAt } }, { upsert: true });
      if (rows.length < BATCH) break;
    }
    if (isSweep) this.sweptMs = Date.now();
    return count;
  }

  /** Newest first. */
  async list({ from, to, after, limit, ...asked }: TrailQuery): Promise<TrailEntry[]> {
    const within = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
    const conditions: Filter<TrailDoc>[] = [
      ...SEARCHED.flatMap((field) => (asked[field] === undefined ? [] : [{ [field]: asked[field] } as Filter<TrailDoc>])),
      ...(Object.keys(within).length === 0 ? [] : [{ at: within }]),
      // The first of the two bounds the index, so that the hundredth page costs what the first did.
      ...(after === undefined ? [] : [{ at: { $lte: after.at } }, { $or: [{ at: { $lt: after.at } }, { _id: { $lt: after.id } }] }]),
    ];
    const found = await this.entries
      .find(conditions.length === 0 ? {} : { $and: conditions })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, ...entry }) => ({ commandId: _id, ...entry }));
  }

  /** Every entity that the actor has done something with. */
  entitiesOf(actorId: string): Promise<readonly string[]> {
    return this.entries.distinct('entity', { actorId, state: 'accepted' });
  }

  /** Entities of that kind that the actor has begun by the command, the newest first. */
  async begunBy(actorId: string, { aggregate, command, limit }: Begun): Promise<readonly string[]> {
    const asked = { actorId, aggregate, command, state: 'accepted' } as const;
    const found = await this.entries
      .find(asked, { projection: { entity: 1 } })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .toArray();
    return [...new Set(found.map(({ entity }) => entity))];
  }

  private async copy(rows: readonly CommandDocument[]): Promise<number> {
    const fresh = rows.filter(({ _id, notedAt }) => this.copied.get(_id) !== notedAt.getTime());
    if (fresh.length === 0) return 0;
    const writes = fresh.map((row) => ({ replaceOne: { filter: { _id: row._id }, replacement: entryOf(row), upsert: true } }));
    await this.entries.bulkWrite(writes, { ordered: false });
    for (const { _id, notedAt } of fresh) this.copied.set(_id, notedAt.getTime());
    return fresh.length;
  }
}

const entryOf = ({ aggregate, entity, type, actor, channel, receivedAt, state, code }: CommandDocument): Omit<TrailDoc, '_id'> => ({
  ...{ aggregate, entity, command: type, actorId: actor.id, role: actor.role, unit: actor.unit, channel, at: receivedAt, state },
  code: code ?? null,
});
