import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { ActiveModel, LedgerStore, Trail } from '@qiyue/engine-runtime';
import type { NeedView } from '@qiyue/need-views';
import type { Collection, Db, Filter } from 'mongodb';

/** Why a person's words may not be erased just now. */
export interface Hold {
  /** `dispute`: of a need whose works or evaluation are disputed; `order`: somebody put them on hold by hand. */
  readonly why: 'dispute' | 'order';
  readonly needId: string | null;
  /** The case that an order is about, as whoever gave it calls it. */
  readonly reference: string | null;
}
interface OrderDoc {
  /** The subject. */
  readonly _id: string;
  readonly reference: string;
  readonly by: string;
  readonly at: string;
}

export interface HoldPorts {
  readonly trail: Pick<Trail, 'catchUp' | 'entitiesOf'>;
  readonly store: Pick<LedgerStore, 'commands'>;
  readonly model: Pick<ActiveModel<NeedView>, 'collection'>;
}

const ASKED_AT_ONCE = 1_000;
const NAMED_MAX = 20;

/** Works that were refused, and needs that came back from an evaluation, until they are settled or end. */
const DISPUTED: Filter<{ readonly view: NeedView }> = {
  $or: [{ 'view.status': { $in: ['reworking', 'reopened'] } }, { 'view.round': { $gt: 1 }, 'view.stage': { $in: ['claimed', 'funded', 'done'] } }],
};

/** What must not be erased yet: what a person wrote is evidence while it is argued about. */
export class ErasureHolds {
  private readonly orders: Collection<OrderDoc>;

  constructor(
    db: Db,
    private readonly ports: HoldPorts,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.orders = db.collection('erasureHolds');
  }

  /** Empty when nothing holds it. Of many disputed needs the first ones are named. */
  async of(subject: string): Promise<readonly Hold[]> {
    const order = await this.orders.findOne({ _id: subject });
    const disputed = await this.disputedOf(subject);
    return [
      ...(order === null ? [] : [{ why: 'order' as const, needId: null, reference: order.reference }]),
      ...disputed.map((needId) => ({ why: 'dispute' as const, needId, reference: null })),
    ];
  }

  async order(subject: string, reference: string, by: Actor): Promise<void> {
    await this.orders.updateOne({ _id: subject }, { $set: { reference, by: by.id, at: toShanghaiIso(this.nowMs()) } }, { upsert: true });
  }

  /** False when there was none. */
  async lift(subject: string): Promise<boolean> {
    return (await this.orders.deleteOne({ _id: subject })).deletedCount === 1;
  }

  /** By who did what, since who wrote a need, or evidence in it, is told by their commands. */
  private async disputedOf(subject: string): Promise<readonly string[]> {
    await this.ports.trail.catchUp(this.ports.store);
    const needs = await this.ports.trail.entitiesOf(subject);
    const collection = await this.ports.model.collection();
    const found: string[] = [];
    for (let from = 0; from < needs.length && found.length < NAMED_MAX; from += ASKED_AT_ONCE) {
      const asked = { _id: { $in: needs.slice(from, from + ASKED_AT_ONCE) }, ...DISPUTED } as Filter<{ readonly _id: string }>;
      const rows = await collection
        .find(asked as object, { projection: { _id: 1 } })
        .limit(NAMED_MAX)
        .toArray();
      found.push(...rows.map(({ _id }) => _id));
    }
    return found.slice(0, NAMED_MAX);
  }
}
