import { openRecord, type Actor } from '@qiyue/engine';
import type { FeedReader, Positioned } from '@qiyue/engine-runtime';
import type { Collection, Db, Filter } from 'mongodb';

/** A fact as it is searched for. `subject` is whoever or whatever it was done to, beside the entity. */
export interface TrailFact {
  /** `<stream>:<seq>` of its record in the ledger of the namespace `audit`. */
  readonly id: string;
  readonly type: string;
  /** ISO 8601 with +08:00. */
  readonly at: string;
  readonly actor: Actor;
  readonly entity: string | null;
  /** Under which name the entity's id stands in the data; null: about none. */
  readonly idName: string | null;
  readonly subject: string | null;
  readonly code: string | null;
  /** How they came in and from where; null: not known, or not written down yet when it happened. */
  readonly way: string | null;
  readonly address: string | null;
  readonly data: object;
}
/** Rows keep the name that they had while there were needs only. */
interface FactDoc extends Omit<TrailFact, 'id' | 'actor' | 'entity' | 'idName'> {
  readonly _id: string;
  readonly needId: string | null;
  readonly idName?: string | null;
  readonly actorId: string;
  readonly role: string;
  readonly unit: string | null;
}

export interface FactQuery {
  readonly actorId?: string | undefined;
  readonly unit?: string | undefined;
  readonly type?: string | undefined;
  readonly entity?: string | undefined;
  readonly subject?: string | undefined;
  readonly code?: string | undefined;
  readonly way?: string | undefined;
  readonly address?: string | undefined;
  /** From this instant on, until before that one; ISO 8601 with +08:00. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
}

const BATCH = 1_000;
const SEARCHED = ['actorId', 'unit', 'type', 'needId', 'subject', 'code', 'way', 'address'] as const;

/** A copy of the journals' facts with an index for each question: who saw or took away what, what an actor did, who was refused. */
export class FactTrail {
  private readonly facts: Collection<FactDoc>;
  private readonly progress: Collection<{ readonly _id: string; readonly position: number }>;

  /** `idNames`: of all aggregates, the one first that rows of before are of. */
  constructor(
    db: Db,
    private readonly idNames: readonly string[],
  ) {
    this.facts = db.collection('factTrail');
    this.progress = db.collection('factTrailProgress');
  }

  async ensureIndexes(): Promise<void> {
    await this.facts.createIndex({ at: -1, _id: -1 });
    for (const field of SEARCHED) await this.facts.createIndex({ [field]: 1, at: -1, _id: -1 });
  }

  /** Copies what is new in the feed; answers how many. */
  async catchUp(feed: Pick<FeedReader, 'after'>): Promise<number> {
    let count = 0;
    for (;;) {
      const position = (await this.progress.findOne({ _id: 'facts' }))?.position ?? 0;
      const batch = await feed.after(position, BATCH);
      if (batch.length === 0) return count;
      const writes = batch
        .map((positioned) => docOf(positioned, this.idNames))
        .map(({ _id, ...doc }) => ({ replaceOne: { filter: { _id }, replacement: doc, upsert: true } }));
      await this.facts.bulkWrite(writes, { ordered: false });
      await this.progress.updateOne({ _id: 'facts' }, { $set: { position: batch.at(-1)?.position ?? position } }, { upsert: true });
      count += batch.length;
    }
  }

  /** Newest first. */
  async list({ from, to, after, limit, entity, ...others }: FactQuery): Promise<TrailFact[]> {
    const asked = { ...others, needId: entity };
    const within = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
    const conditions: Filter<FactDoc>[] = [
      ...SEARCHED.flatMap((field) => (asked[field] === undefined ? [] : [{ [field]: asked[field] } as Filter<FactDoc>])),
      ...(Object.keys(within).length === 0 ? [] : [{ at: within }]),
      // The first of the two bounds the index, so that the hundredth page costs what the first did.
      ...(after === undefined ? [] : [{ at: { $lte: after.at } }, { $or: [{ at: { $lt: after.at } }, { _id: { $lt: after.id } }] }]),
    ];
    const found = await this.facts
      .find(conditions.length === 0 ? {} : { $and: conditions })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, actorId, role, unit, type, at, needId, idName, subject, code, way, address, data }) => ({
      ...{
        id: _id,
        type,
        at,
        entity: needId,
        idName: needId === null ? null : (idName ?? this.idNames[0] ?? null),
        subject,
        code,
        way: way ?? null,
        address: address ?? null,
        data,
      }, // rows of before have neither
      actor: { id: actorId, role, unit },
    }));
  }
}

const docOf = ({ document }: Positioned, idNames: readonly string[]): FactDoc => {
  const { type, time, actor, data } = openRecord(document);
  const fields = data as Readonly<Record<string, unknown>>;
  const { subject, on, code, why, action, from } = fields;
  const idName = idNames.find((name) => Object.hasOwn(fields, name)) ?? null;
  const { way, address } = (from ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...{ _id: document._id, type, at: time, actorId: actor.id, role: actor.role, unit: actor.unit, data },
    ...{
      needId: idName === null ? null : textOf(fields[idName]),
      idName,
      subject: textOf(subject) ?? textOf(on),
      code: textOf(code) ?? textOf(why) ?? textOf(action),
    },
    ...{ way: textOf(way), address: textOf(address) },
  };
};

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
