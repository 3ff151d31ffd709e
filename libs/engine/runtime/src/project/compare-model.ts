import { canonicalJson } from '@qiyue/engine';
import { BSON, type Collection } from 'mongodb';
import type { LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { foldsOf, type AnyModel, type EntityFolds, type RecordFold } from './entity-folds';
import type { ModelDocument } from './model';
import { foldStream } from './refold';
import { streams } from './streams';

/**
 * `other`: the document is not what the records up to its seq give. `missing`: the ledger has the entity, the model does not. `nonexistent`: the other way
 * round. `ahead`: it says to be further than the ledger is.
 */
export interface ModelDifference {
  readonly entity: string;
  readonly seq: number;
  readonly why: 'other' | 'missing' | 'nonexistent' | 'ahead';
}
/** What a comparison has found. */
export interface ModelComparison {
  readonly ok: boolean;
  readonly compared: number;
  /** At most 1,000; `ok` is false all the same beyond. */
  readonly differing: readonly ModelDifference[];
}

const BATCH = 200;
export const DIFFERING_MAX = 1_000;
/** What is only behind catches up meanwhile. */
export const AGAIN_AFTER_MS = 2_000;

/**
 * Holds the read model that serves against the ledger: every document is folded anew, up to the seq that it says to be at, and compared value by value. Looks
 * only. What differs is looked at twice, since both sides go on meanwhile.
 */
export const compareModel = async <V>(
  store: LedgerStore,
  model: AnyModel<V>,
  onProgress: (compared: number) => void = () => undefined,
): Promise<ModelComparison> => {
  const folds = foldsOf(model);
  const { compared, differing } = await compareDocuments(store, folds, await folds.activeIn(store.db).collection(), onProgress);
  return { ok: differing.length === 0, compared, differing: differing.slice(0, DIFFERING_MAX) };
};

/** The same of the documents by entity in a given generation, and with all that differ. */
export const compareDocuments = async <V>(
  store: LedgerStore,
  folds: EntityFolds<V>,
  served: Served<V>,
  onProgress: (compared: number) => void,
): Promise<Omit<ModelComparison, 'ok'>> => {
  const suspects = new Set<string>();
  let compared = 0;
  const take = async (fold: RecordFold<V>, batch: readonly (readonly LedgerDocument[])[]): Promise<void> => {
    for (const { entity } of await differencesIn(fold, served, batch)) suspects.add(entity);
    compared += batch.length;
    onProgress(compared);
  };
  for (const [aggregate, fold] of folds.byAggregate) {
    const batch: (readonly LedgerDocument[])[] = [];
    for await (const stream of streams(store, aggregate)) {
      batch.push(stream);
      if (batch.length === BATCH) await take(fold, batch.splice(0));
    }
    await take(fold, batch);
  }
  for (const entity of await unknownIn(store, [...folds.byAggregate.keys()], served)) suspects.add(entity);
  return { compared, differing: await stillDiffering(store, folds, served, [...suspects].sort()) };
};

type Served<V> = Collection<ModelDocument<V>>;

const differencesIn = async <V>(
  fold: RecordFold<V>,
  served: Served<V>,
  batch: readonly (readonly LedgerDocument[])[],
): Promise<readonly ModelDifference[]> => {
  const ids = batch.flatMap(([first]) => (first === undefined ? [] : [first.entity]));
  const documents = new Map((await served.find({ _id: { $in: ids } } as object).toArray()).map((document) => [String(document._id), document]));
  const found: ModelDifference[] = [];
  for (const stream of batch) {
    const entity = stream[0]?.entity ?? '';
    const why = await differenceOf(fold, stream, (documents.get(entity) as ModelDocument<V> | undefined) ?? null);
    if (why !== null) found.push({ entity, seq: documents.get(entity)?.seq ?? 1, why });
  }
  return found;
};

const ASIDE = { add: () => Promise.resolve() };

const differenceOf = async <V>(
  fold: RecordFold<V>,
  stream: readonly LedgerDocument[],
  document: ModelDocument<V> | null,
): Promise<ModelDifference['why'] | null> => {
  if (document === null) return (await foldStream(fold, stream, ASIDE)) === null ? null : 'missing'; // nothing of it can be folded: it is set aside
  if (document.seq > stream.length) return 'ahead';
  const folded = await foldStream(fold, stream.slice(0, document.seq), ASIDE);
  return folded !== null && formOf(folded) === formOf(document) ? null : 'other';
};

/** As the database keeps it, in an order of keys that is always the same. */
export const formOf = (document: object): string => canonicalJson(BSON.deserialize(BSON.serialize(document, { ignoreUndefined: false })));

/** Documents of entities that the ledger does not have. */
const unknownIn = async <V>({ ledger }: LedgerStore, aggregates: readonly string[], served: Served<V>): Promise<readonly string[]> => {
  const unknown: string[] = [];
  let ids: string[] = [];
  const look = async (): Promise<void> => {
    const first = await ledger
      .find({ _id: { $in: ids.map((id) => `${id}:1`) }, aggregate: { $in: [...aggregates] } }, { projection: { entity: 1 } })
      .toArray();
    const known = new Set(first.map(({ entity }) => entity));
    unknown.push(...ids.filter((id) => !known.has(id)));
    ids = [];
  };
  for await (const { _id } of served.find({}, { projection: { _id: 1 } }).sort({ _id: 1 })) if (ids.push(String(_id)) === BATCH) await look();
  await look();
  return unknown;
};

const stillDiffering = async <V>(
  store: LedgerStore,
  { byAggregate }: EntityFolds<V>,
  served: Served<V>,
  suspects: readonly string[],
): Promise<readonly ModelDifference[]> => {
  if (suspects.length === 0) return [];
  await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  const differing: ModelDifference[] = [];
  for (const entity of suspects) {
    const document = (await served.findOne({ _id: entity } as object)) as ModelDocument<V> | null; // before the ledger, which is never behind it
    const stream = await store.stream(entity);
    const fold = byAggregate.get(stream[0]?.aggregate ?? '');
    if (fold === undefined && document === null) continue;
    const why = fold === undefined ? 'nonexistent' : await differenceOf(fold, stream, document);
    if (why !== null) differing.push({ entity, seq: document?.seq ?? 1, why });
  }
  return differing;
};
