import type { Collection } from 'mongodb';
import type { LedgerStore } from '../ledger/ledger-store';
import { AGAIN_AFTER_MS, compareDocuments, DIFFERING_MAX, formOf, type ModelComparison } from './compare-model';
import { changed, changesBetween, NotCountable, type Contribution, type KeptPart } from './contribution';
import { contributionFolds } from './contribution-folds';
import type { EntityFolds } from './entity-folds';
import { ActiveKeys, type KeyDocument, type KeyedModel, type ModelSums } from './keyed-model';
import type { ModelDocument } from './model';
import { foldStream } from './refold';
import { inTransaction } from './transaction';

/** A key whose document is not what the records give; null where there is no document, or should be none. */
export interface KeyDifference {
  /** Canonical text of the key. */
  readonly key: string;
  readonly shown: ModelSums | null;
  readonly expected: ModelSums | null;
}
/** What a comparison of a keyed model has found. */
export interface KeyedComparison extends ModelComparison {
  /** At most 1,000; `ok` is false all the same beyond. */
  readonly keys: readonly KeyDifference[];
}

const KEYS_AT_ONCE = 100;
const ASIDE = { add: () => Promise.resolve() };

/**
 * Holds the keyed model that serves against the ledger. Every entity is folded anew, up to the seq that its document says to be at; then every key is held against
 * the sum of its entities. Looks only, and twice at what differs: the second time at entities and sums of one moment, since they change together.
 */
export const compareKeyedModel = async (
  store: LedgerStore,
  model: KeyedModel,
  onProgress: (compared: number) => void = () => undefined,
): Promise<KeyedComparison> => {
  const folds = contributionFolds(model);
  const active = folds.activeIn(store.db);
  const { active: generation } = await active.pointer();
  const parts = active.of(generation);
  const { compared, differing } = await compareDocuments(store, folds, parts, onProgress);
  const look = new KeyLook(
    store,
    folds,
    { parts, keys: new ActiveKeys(store.db, model).of(generation) },
    new Set(differing.map(({ entity }) => entity)),
  );
  const keys = await look.run();
  const ok = differing.length === 0 && keys.length === 0;
  return { ok, compared, differing: differing.slice(0, DIFFERING_MAX), keys: keys.slice(0, DIFFERING_MAX) };
};

type Contributed = ModelDocument<Contribution<unknown>>;
interface Served {
  readonly parts: Collection<Contributed>;
  readonly keys: Collection<KeyDocument>;
}

class KeyLook {
  private readonly folded = new Map<string, Promise<readonly KeptPart[]>>();

  constructor(
    private readonly store: LedgerStore,
    private readonly folds: EntityFolds<Contribution<unknown>>,
    private readonly served: Served,
    /** Entities whose own document is not what the ledger gives: of them, the ledger counts. */
    private readonly wrong: ReadonlySet<string>,
  ) {}

  async run(): Promise<readonly KeyDifference[]> {
    const doubtful = [...(await this.doubtful())].sort();
    if (doubtful.length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    const differing: KeyDifference[] = [];
    for (let from = 0; from < doubtful.length; from += KEYS_AT_ONCE) differing.push(...(await this.again(doubtful.slice(from, from + KEYS_AT_ONCE))));
    return differing;
  }

  /** Keys that do not fit what is kept of the entities; while both go on, also such as have only moved. And all keys of entities that are wrong. */
  private async doubtful(): Promise<ReadonlySet<string>> {
    const doubtful = new Set<string>();
    const sums = new Tally();
    for await (const { _id, seq, view } of this.served.parts.find({}, { projection: { seq: 1, 'view.parts': 1 } })) {
      const isWrong = this.wrong.has(String(_id));
      for (const part of partsOf(view)) {
        if (isWrong) doubtful.add(part.id);
        sums.add(part);
      }
      if (isWrong) for (const { id } of await this.fromLedger(String(_id), seq)) doubtful.add(id);
    }
    for await (const document of this.served.keys.find({})) {
      if (!sums.holds(document._id, document)) doubtful.add(document._id);
      sums.documents.delete(document._id);
    }
    for (const [id, document] of sums.documents) if (document !== null) doubtful.add(id);
    return doubtful;
  }

  private again(ids: readonly string[]): Promise<readonly KeyDifference[]> {
    return inTransaction(this.store.db, async (session) => {
      const shown = new Map(
        (await this.served.keys.find({ _id: { $in: [...ids] } }, { session }).toArray()).map((document) => [document._id, document]),
      );
      const among = { $or: [{ 'view.parts.id': { $in: ids } }, { _id: { $in: [...this.wrong] } }] } as object;
      const entities = await this.served.parts.find(among, { session, projection: { seq: 1, 'view.parts': 1 } }).toArray();
      const sums = new Tally();
      for (const { _id, seq, view } of entities) {
        for (const part of this.wrong.has(String(_id)) ? await this.fromLedger(String(_id), seq) : partsOf(view)) sums.add(part);
      }
      return ids.flatMap((id): readonly KeyDifference[] => {
        const document = shown.get(id) ?? null;
        if (sums.holds(id, document)) return [];
        return [{ key: id, shown: document?.sums ?? null, expected: sums.documents.get(id)?.sums ?? null }];
      });
    });
  }

  /** What an entity gives by its records, up to that seq. */
  private fromLedger(entity: string, seq: number): Promise<readonly KeptPart[]> {
    const name = `${entity}:${seq}`;
    const known = this.folded.get(name) ?? this.foldUpTo(entity, seq);
    this.folded.set(name, known);
    return known;
  }

  private async foldUpTo(entity: string, seq: number): Promise<readonly KeptPart[]> {
    const stream = await this.store.stream(entity, 1, seq);
    const fold = this.folds.byAggregate.get(stream[0]?.aggregate ?? '');
    return fold === undefined ? [] : ((await foldStream(fold, stream, ASIDE))?.view.parts ?? []);
  }
}

/** Sums as they ought to be. What cannot be counted is left out: no document holds it. */
class Tally {
  readonly documents = new Map<string, KeyDocument | null>();

  add(part: KeptPart): void {
    try {
      for (const change of changesBetween([], [part])) this.documents.set(change.id, changed(this.documents.get(change.id) ?? null, change));
    } catch (error) {
      if (!(error instanceof NotCountable)) throw error;
    }
  }

  holds(id: string, document: KeyDocument | null): boolean {
    const expected = this.documents.get(id) ?? null;
    if (expected === null || document === null) return expected === document;
    return formOf(expected) === formOf(document);
  }
}

/** Somebody may have written anything there: then the entity's own document is found to be wrong. */
const partsOf = (view: Contribution<unknown> | undefined): readonly KeptPart[] => {
  const parts: unknown = view?.parts;
  return Array.isArray(parts) ? (parts as readonly KeptPart[]).filter(isPart) : [];
};

const isPart = (part: Partial<KeptPart> | null): boolean =>
  typeof part?.id === 'string' && typeof part.key === 'object' && typeof part.sums === 'object';
