import type { ReceivedRecord } from '../feed/cloud-event';
import type { LedgerStore } from '../ledger/ledger-store';
import { compareKeyedModel, type KeyedComparison } from './compare-keys';
import { compareModel } from './compare-model';
import { contributionFolds } from './contribution-folds';
import { foldsOf, type EntityFolds } from './entity-folds';
import type { KeyedModel } from './keyed-model';
import { ModelIsNewer, type ModelDocument, type ReadModel, type ServingCollection } from './model';
import { Projector } from './projector';
import { Quarantine } from './quarantine';
import { rebuildModel, type RebuildOptions, type RebuildProgress, type RebuildResult } from './rebuild';
import { releaseEntity } from './refold';

/** A model of either kind, with all that is done to one: whoever has a list of models needs to know no more of them. */
export interface ProjectedModel {
  readonly name: string;
  readonly version: number;
  /** The aggregates whose records it folds. */
  readonly aggregates: readonly string[];
  readonly quarantine: Quarantine;
  /** Makes its collections and its pointer where they are not there yet. */
  ensure(): Promise<void>;
  /** As `Projector.apply`: records of other aggregates are passed over. */
  apply(records: readonly ReceivedRecord[]): Promise<void>;
  /**
   * Rebuilds it when an older version of the program made what serves, and answers with what; null when there was nothing to do. Rejects with `ModelIsNewer` when
   * a newer one made it.
   */
  bringUpToDate(onOlder?: (version: number) => void): Promise<RebuildResult | null>;
  /** As `rebuildModel`. */
  rebuild(onProgress?: (progress: RebuildProgress) => void, options?: RebuildOptions): Promise<RebuildResult>;
  /** As `compareModel`, and for a keyed model `compareKeyedModel`; `keys` is empty for any other. */
  compare(onProgress?: (compared: number) => void): Promise<KeyedComparison>;
  /** As `releaseEntity`. */
  release(entity: string): Promise<boolean>;
  /** Entities that were set aside for rules which this program knows. */
  waitingForKnownRules(): Promise<readonly string[]>;
}

/** A read model or a keyed model in this store, with all that is done to one. */
export const projected = <V>(store: LedgerStore, model: ReadModel<V> | KeyedModel): ProjectedModel =>
  'sources' in model
    ? new Projected(store, contributionFolds(model), (onProgress) => compareKeyedModel(store, model, onProgress))
    : new Projected(store, foldsOf(model), async (onProgress) => ({ ...(await compareModel(store, model, onProgress)), keys: [] }));

const silent = (): void => undefined;

class Projected<V> implements ProjectedModel {
  readonly quarantine: Quarantine;
  private readonly active: ServingCollection<ModelDocument<V>>;
  private readonly projector: Projector<V>;

  constructor(
    private readonly store: LedgerStore,
    private readonly folds: EntityFolds<V>,
    private readonly comparing: (onProgress: (compared: number) => void) => Promise<KeyedComparison>,
  ) {
    this.quarantine = new Quarantine(store.db, folds.name);
    this.active = folds.activeIn(store.db);
    this.projector = new Projector(folds, { store, active: this.active, quarantine: this.quarantine });
  }

  get name(): string {
    return this.folds.name;
  }

  get version(): number {
    return this.folds.version;
  }

  get aggregates(): readonly string[] {
    return [...this.folds.byAggregate.keys()];
  }

  async ensure(): Promise<void> {
    await this.active.pointer();
  }

  apply(records: readonly ReceivedRecord[]): Promise<void> {
    return this.projector.apply(records);
  }

  async bringUpToDate(onOlder: (version: number) => void = silent): Promise<RebuildResult | null> {
    const { version } = await this.active.pointer();
    if (version > this.version) throw new ModelIsNewer(this.name, version, this.version);
    if (version === this.version) return null;
    onOlder(version);
    return this.rebuild();
  }

  rebuild(onProgress: (progress: RebuildProgress) => void = silent, options: RebuildOptions = {}): Promise<RebuildResult> {
    return rebuildModel(this.store, this.folds, onProgress, options);
  }

  compare(onProgress: (compared: number) => void = silent): Promise<KeyedComparison> {
    return this.comparing(onProgress);
  }

  release(entity: string): Promise<boolean> {
    return releaseEntity(this.folds, { store: this.store, active: this.active, quarantine: this.quarantine }, entity);
  }

  async waitingForKnownRules(): Promise<readonly string[]> {
    const waiting = (await this.quarantine.list()).filter(({ rules }) => rules !== undefined);
    const firsts = waiting.map(({ entity }) => `${entity}:1`);
    const begun = await this.store.ledger.find({ _id: { $in: firsts } }, { projection: { entity: 1, aggregate: 1 } }).toArray();
    const known = new Map(begun.map(({ entity, aggregate }) => [entity, this.folds.byAggregate.get(aggregate)?.rules ?? 1]));
    return waiting.filter(({ entity, rules = 1 }) => rules <= (known.get(entity) ?? 0)).map(({ entity }) => entity);
  }
}
