import type { ActiveModel, LedgerStore } from '@qiyue/engine-runtime';
import { DEADLINE_STAGES } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';

const STEP = 200;
const NEED = 'need';
/** How far the read model may lag behind the submits for a walk to find every need still, ms. */
const LAG_MAX_MS = 24 * 3_600_000;
const OPEN: object = { 'view.stage': { $in: DEADLINE_STAGES } };

/** Some needs, and where the next step of the walk begins; null when none is left. */
export interface Step {
  readonly needs: readonly string[];
  readonly after: string | null;
}

/** The needs that may have a deadline, a few hundred at a time, so that their number does not matter to memory. */
export class NeedWalk {
  constructor(
    private readonly store: LedgerStore,
    private readonly model: ActiveModel<NeedView>,
  ) {}

  async countOpen(): Promise<number> {
    return (await this.model.collection()).countDocuments(OPEN);
  }

  /** As the read model knows them, in the order of their ids. */
  async open(after: string | null): Promise<Step> {
    const collection = await this.model.collection();
    const rows = collection.find(after === null ? OPEN : { ...OPEN, _id: { $gt: after } }, { projection: { _id: 1 } });
    const needs = (await rows.sort({ _id: 1 }).limit(STEP).toArray()).map(({ _id }) => _id);
    return { needs, after: needs.length < STEP ? null : (needs.at(-1) ?? null) };
  }

  /** Those that were submitted since a day before `sinceMs`, as the command log knows them: it waits for no read model. */
  async born(after: string | null, sinceMs: number): Promise<Step> {
    const { fromMs, id } = after === null ? { fromMs: sinceMs - LAG_MAX_MS, id: '' } : placeIn(after);
    const from = new Date(fromMs);
    const filter = {
      aggregate: NEED,
      type: 'submit',
      state: { $ne: 'refused' as const },
      $or: [{ notedAt: { $gt: from } }, { notedAt: from, _id: { $gt: id } }],
    };
    const rows = this.store.commands.find({ ...filter, notedAt: { $gte: from } }, { projection: { entity: 1, notedAt: 1 } });
    const found = await rows.sort({ notedAt: 1, _id: 1 }).limit(STEP).toArray();
    const last = found.at(-1);
    return { needs: found.map(({ entity }) => entity), after: found.length < STEP || !last ? null : `${last.notedAt.getTime()} ${last._id}` };
  }
}

const placeIn = (after: string): { readonly fromMs: number; readonly id: string } => {
  const space = after.indexOf(' ');
  return { fromMs: Number(after.slice(0, space)), id: after.slice(space + 1) };
};
