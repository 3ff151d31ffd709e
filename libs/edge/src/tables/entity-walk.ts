import type { AnyAggregate } from '@qiyue/aggregate';
import { ActiveModel, type LedgerStore } from '@qiyue/engine-runtime';

const STEP = 200;
/** How far the read model may lag behind what begins for a walk to find every entity still, ms. */
const LAG_MAX_MS = 24 * 3_600_000;

type Walked = Pick<AnyAggregate, 'decider' | 'model' | 'deadlines' | 'startedBy'>;

export interface WalkedEntity {
  readonly aggregate: string;
  readonly entity: string;
}

/** Some entities, and where the next step of the walk begins; null when none is left. */
export interface Step {
  readonly entities: readonly WalkedEntity[];
  readonly after: string | null;
}

/** The entities that may have a deadline, a few hundred at a time, so that their number does not matter to memory. */
export class EntityWalk {
  private readonly aggregates: readonly Walked[];

  constructor(
    private readonly store: LedgerStore,
    aggregates: readonly Walked[],
  ) {
    this.aggregates = aggregates.filter(({ deadlines }) => deadlines !== undefined);
  }

  async countOpen(): Promise<number> {
    const counts = await Promise.all(
      this.aggregates.map(async ({ model, deadlines }) =>
        (await new ActiveModel(this.store.db, model).collection()).countDocuments(deadlines?.open ?? {}),
      ),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** As the read models know them: aggregate by aggregate, in the order of their ids. */
  async open(after: string | null): Promise<Step> {
    const { index, id } = this.placeAmongOpen(after);
    const walked = this.aggregates[index];
    if (walked === undefined) return { entities: [], after: null };
    const { model, deadlines, decider } = walked;
    const collection = await new ActiveModel(this.store.db, model).collection();
    const filter = id === '' ? { ...deadlines?.open } : { ...deadlines?.open, _id: { $gt: id } };
    const rows = collection.find(filter as object, { projection: { _id: 1 } });
    const found = (await rows.sort({ _id: 1 }).limit(STEP).toArray()).map(({ _id }) => String(_id));
    const entities = found.map((entity) => ({ aggregate: decider.aggregate, entity }));
    if (found.length === STEP) return { entities, after: `${decider.aggregate}/${found.at(-1)}` };
    const next = this.aggregates[index + 1];
    return { entities, after: next === undefined ? null : `${next.decider.aggregate}/` };
  }

  /** Those that were begun since a day before `sinceMs`, as the command log knows them: it waits for no read model. */
  async born(after: string | null, sinceMs: number): Promise<Step> {
    const { fromMs, id } = after === null ? { fromMs: sinceMs - LAG_MAX_MS, id: '' } : placeIn(after);
    const from = new Date(fromMs);
    const starting = this.aggregates.map(({ decider, startedBy = [] }) => ({
      aggregate: decider.aggregate,
      type: { $in: [decider.startsWith, ...startedBy] },
    }));
    if (starting.length === 0) return { entities: [], after: null };
    const filter = {
      state: { $ne: 'refused' as const },
      notedAt: { $gte: from },
      $and: [{ $or: starting }, { $or: [{ notedAt: { $gt: from } }, { notedAt: from, _id: { $gt: id } }] }],
    };
    const rows = this.store.commands.find(filter, { projection: { aggregate: 1, entity: 1, notedAt: 1 } });
    const found = await rows.sort({ notedAt: 1, _id: 1 }).limit(STEP).toArray();
    const last = found.at(-1);
    return {
      entities: found.map(({ aggregate, entity }) => ({ aggregate, entity })),
      after: found.length < STEP || !last ? null : `${last.notedAt.getTime()} ${last._id}`,
    };
  }

  /** A place of before there was a second aggregate is an id alone. */
  private placeAmongOpen(after: string | null): { readonly index: number; readonly id: string } {
    if (after === null) return { index: 0, id: '' };
    const [name = '', id] = after.split('/');
    if (id === undefined) return { index: 0, id: name };
    return { index: this.aggregates.findIndex(({ decider }) => decider.aggregate === name), id };
  }
}

const placeIn = (after: string): { readonly fromMs: number; readonly id: string } => {
  const space = after.indexOf(' ');
  return { fromMs: Number(after.slice(0, space)), id: after.slice(space + 1) };
};
