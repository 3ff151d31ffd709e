import { randomUUID } from 'node:crypto';
import type { Collection, Db, Filter } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';
import { ModelIsNewer, modelPointers, type ModelPointer, type ReadModel } from './model';

const LEASE_MS = 10_000;
const RENEW_EVERY_MS = 2_000;

/** By this machine's clock: one that is wrong costs a wait or a rebuild in vain, and never a model, which only the holder swaps. */
const heldUntil = (): Date => new Date(Date.now() + LEASE_MS);

const numberOf = (collection: string): number => Number(collection.slice(collection.lastIndexOf('_') + 1)) || 0;

/** The pointer if nobody has taken it since. */
const asItWas = ({ _id, active, version, rebuild }: ModelPointer): Filter<ModelPointer> => ({
  ...{ _id, active, version },
  ...(rebuild === undefined ? { rebuild: { $exists: false } } : { 'rebuild.owner': rebuild.owner }),
});

/** Another rebuild of the same model is at work; it ends, or its hold does within seconds when its process died. */
export class RebuildUnderWay extends Error {
  override readonly name = 'RebuildUnderWay';

  constructor(
    model: string,
    readonly since: string,
  ) {
    super(`${model}: another rebuild is under way since ${since}; try again when it has ended`);
  }
}

/** This rebuild was away for so long that another may have begun: it swaps nothing. */
export class RebuildLost extends Error {
  override readonly name = 'RebuildLost';
}

type Model = Pick<ReadModel<unknown>, 'name' | 'version'>;

/**
 * The right to rebuild a model: one at a time, for as long as it is renewed. Every rebuild has a collection of its own name, so
 * that one which lost its hold can spoil nothing of the next.
 */
export class RebuildLease {
  private isLost = false;
  private readonly renewing: NodeJS.Timeout;

  private constructor(
    private readonly pointers: Collection<ModelPointer>,
    private readonly model: Model,
    private readonly owner: string,
    /** What serves now, and what the rebuild is to make. */
    readonly collections: { readonly old: string; readonly fresh: string },
  ) {
    this.renewing = setInterval(() => void this.renew(), RENEW_EVERY_MS);
  }

  /** The pointer must be there. Rejects with `RebuildUnderWay`, and with `ModelIsNewer` unless `overNewer`. */
  static async take(db: Db, model: Model, overNewer = false): Promise<RebuildLease> {
    const pointers = modelPointers(db);
    const owner = randomUUID();
    for (;;) {
      const pointer = await pointers.findOne({ _id: model.name });
      if (pointer === null) throw new Error(`${model.name}: no pointer`);
      if (pointer.version > model.version && !overNewer) throw new ModelIsNewer(model.name, pointer.version, model.version);
      if (pointer.rebuild !== undefined && pointer.rebuild.until.getTime() > Date.now()) throw new RebuildUnderWay(model.name, pointer.rebuild.since);
      const builds = Math.max(pointer.builds ?? 0, numberOf(pointer.active)) + 1;
      const rebuild = { owner, version: model.version, since: toShanghaiIso(Date.now()), until: heldUntil() };
      const { matchedCount } = await pointers.updateOne(asItWas(pointer), { $set: { builds, rebuild } });
      if (matchedCount === 1) return new RebuildLease(pointers, model, owner, { old: pointer.active, fresh: `${model.name}_${builds}` });
    }
  }

  /** Throws when the hold is gone. */
  check(): void {
    if (this.isLost) throw new RebuildLost(`${this.model.name}: the rebuild lost its hold`);
  }

  /** Makes the fresh collection the one that serves, at once for every reader. */
  async swap(): Promise<void> {
    const { matchedCount } = await this.pointers.updateOne(
      { _id: this.model.name, 'rebuild.owner': this.owner },
      { $set: { active: this.collections.fresh, version: this.model.version } },
    );
    if (matchedCount === 0) this.isLost = true;
    this.check();
  }

  /** Lets the next one begin. */
  async release(): Promise<void> {
    clearInterval(this.renewing);
    await this.pointers.updateOne({ _id: this.model.name, 'rebuild.owner': this.owner }, { $unset: { rebuild: 1 } });
  }

  private async renew(): Promise<void> {
    const renewed = this.pointers.updateOne({ _id: this.model.name, 'rebuild.owner': this.owner }, { $set: { 'rebuild.until': heldUntil() } });
    await renewed.then(
      ({ matchedCount }) => {
        if (matchedCount === 0) this.isLost = true;
      },
      () => undefined, // the next one may get through; should none, the swap finds out
    );
  }
}
