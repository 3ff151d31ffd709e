import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { AnyAggregate } from '@qiyue/aggregate';
import { ActiveModel, type LedgerStore, type Trail } from '@qiyue/engine-runtime';
import type { Collection, Db, Filter } from 'mongodb';

/** Why a person's words may not be erased just now. */
export interface Hold {
  /** `dispute`: of an entity that is argued about; `order`: somebody put them on hold by hand. */
  readonly why: 'dispute' | 'order';
  readonly entity: string | null;
  /** Of the entity. */
  readonly aggregate?: string;
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
  readonly aggregates: readonly Pick<AnyAggregate, 'model' | 'privacy'>[];
}

const ASKED_AT_ONCE = 1_000;
const NAMED_MAX = 20;

/** What must not be erased yet: what a person wrote is evidence while it is argued about. */
export class ErasureHolds {
  private readonly orders: Collection<OrderDoc>;

  constructor(
    private readonly db: Db,
    private readonly ports: HoldPorts,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.orders = db.collection('erasureHolds');
  }

  /** Empty when nothing holds it. Of many disputes the first ones are named. */
  async of(subject: string): Promise<readonly Hold[]> {
    const order = await this.orders.findOne({ _id: subject });
    const disputed = await this.disputedOf(subject);
    return [
      ...(order === null ? [] : [{ why: 'order' as const, entity: null, reference: order.reference }]),
      ...disputed.map((found) => ({ why: 'dispute' as const, ...found, reference: null })),
    ];
  }

  async order(subject: string, reference: string, by: Actor): Promise<void> {
    await this.orders.updateOne({ _id: subject }, { $set: { reference, by: by.id, at: toShanghaiIso(this.nowMs()) } }, { upsert: true });
  }

  /** False when there was none. */
  async lift(subject: string): Promise<boolean> {
    return (await this.orders.deleteOne({ _id: subject })).deletedCount === 1;
  }

  /** By who did what, since who wrote something, or evidence in it, is told by their commands. */
  private async disputedOf(subject: string): Promise<readonly { readonly aggregate: string; readonly entity: string }[]> {
    await this.ports.trail.catchUp(this.ports.store);
    const entities = await this.ports.trail.entitiesOf(subject);
    const found: { aggregate: string; entity: string }[] = [];
    for (const { model, privacy } of this.ports.aggregates) {
      const collection = await new ActiveModel(this.db, model).collection();
      for (let from = 0; from < entities.length && found.length < NAMED_MAX; from += ASKED_AT_ONCE) {
        const asked = { _id: { $in: entities.slice(from, from + ASKED_AT_ONCE) }, ...privacy.disputed } as Filter<{ readonly _id: string }>;
        const rows = await collection
          .find(asked as object, { projection: { _id: 1 } })
          .limit(NAMED_MAX)
          .toArray();
        found.push(...rows.map(({ _id }) => ({ aggregate: model.aggregate, entity: _id })));
      }
    }
    return found.slice(0, NAMED_MAX);
  }
}
