import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
  type AnyBulkWriteOperation,
  type Collection,
  type Db,
} from 'mongodb';
import type { ModelDocument } from './model';

const DUPLICATE_KEY = 11000;
const TRIES_EACH = 2;
/** MongoDB's own bound. Looked at here: a server may end at a deeper one instead of refusing it. */
const LEVELS_MAX = 100;

export interface Written {
  /** Entities at which another writer was first. */
  readonly lost: ReadonlySet<string>;
  /** Entities whose document cannot be written, with the reason: the database, or its driver, does not take it. */
  readonly refused: ReadonlyMap<string, string>;
}

/** The seqs at which documents were read; none for one that was not there. */
export type Before<V> = ReadonlyMap<string, Pick<ModelDocument<V>, 'seq'>>;

export type WriteDocuments<V> = (
  collection: Collection<ModelDocument<V>>,
  documents: readonly ModelDocument<V>[],
  before: Before<V>,
  db: Db,
) => Promise<Written>;

/**
 * Writes each document at the seq that it was read at; one that was not there is inserted. A document that cannot be written is found by
 * writing them one by one, and is the only one that is not. Rejects when the server is away.
 */
export const writeDocuments = async <V>(
  collection: Collection<ModelDocument<V>>,
  documents: readonly ModelDocument<V>[],
  before: Before<V>,
  db: Db,
): Promise<Written> => {
  const refused = new Map(documents.filter(isTooDeep).map(({ _id }) => [_id, TOO_DEEP]));
  const sent = documents.filter(({ _id }) => !refused.has(_id));
  if (sent.length === 0) return { lost: new Set(), refused };
  try {
    const written = await collection.bulkWrite(sent.map(operationOf(before)), { ordered: false });
    if (written.insertedCount + written.matchedCount === sent.length) return { lost: new Set(), refused };
  } catch (error) {
    if (isAway(error)) throw error;
    if (!isOnlyDuplicates(error)) for (const [entity, why] of await oneByOne(collection, sent, before, db)) refused.set(entity, why);
  }
  const rest = sent.filter(({ _id }) => !refused.has(_id));
  return { lost: await behind(collection, rest), refused };
};

const refusedBecause = (why: string): string => `the database does not take its document (${why})`;

export const TOO_DEEP = refusedBecause('too deep');

/** Level by level, so that no depth is too much for it. */
export const isTooDeep = (document: object): boolean => {
  let level: readonly object[] = [document];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > LEVELS_MAX) return true;
    level = level.flatMap((value) => Object.values(value).filter(isObject));
  }
  return false;
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const operationOf =
  <V>(before: Before<V>) =>
  (document: ModelDocument<V>): AnyBulkWriteOperation<ModelDocument<V>> => {
    const old = before.get(document._id);
    const operation =
      old === undefined ? { insertOne: { document } } : { replaceOne: { filter: { _id: document._id, seq: old.seq }, replacement: document } };
    return operation as unknown as AnyBulkWriteOperation<ModelDocument<V>>;
  };

/** What went in with the others before is met as a duplicate, or at a later seq, and is no trouble. */
const oneByOne = async <V>(
  collection: Collection<ModelDocument<V>>,
  documents: readonly ModelDocument<V>[],
  before: Before<V>,
  db: Db,
): Promise<ReadonlyMap<string, string>> => {
  const refused = new Map<string, string>();
  for (const document of documents) {
    const why = await whyRefused(() => collection.bulkWrite([operationOf(before)(document)]), db);
    if (why !== null) refused.set(document._id, why);
  }
  return refused;
};

/** Null when it was written, or by another. It is the document's fault when the database takes another one meanwhile. */
export const whyRefused = async (write: () => Promise<unknown>, db: Db): Promise<string | null> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await write();
      return null;
    } catch (error) {
      if (isOnlyDuplicates(error)) return null;
      if (isAway(error)) throw error;
      if (tries < TRIES_EACH) continue;
      await db.collection<{ _id: string }>('modelProbes').updateOne({ _id: 'probe' }, { $set: { at: new Date() } }, { upsert: true });
      return refusedBecause(codeOf(error));
    }
  }
};

const AWAY_LABELS = ['RetryableWriteError', 'TransientTransactionError', 'UnknownTransactionCommitResult', 'PoolRequestedRetry', 'PoolRequstedRetry'];

/** The server, or the way to it; not what was to be written. */
export const isAway = (error: unknown): boolean =>
  error instanceof MongoNetworkError ||
  error instanceof MongoServerSelectionError ||
  error instanceof MongoNotConnectedError ||
  error instanceof MongoTopologyClosedError ||
  error instanceof MongoWriteConcernError ||
  (error instanceof MongoBulkWriteError && writeErrorsOf(error).length === 0 && error.code === undefined) ||
  (error instanceof MongoError && AWAY_LABELS.some((label) => error.hasErrorLabel(label)));

const writeErrorsOf = (error: MongoBulkWriteError): readonly { readonly code: number }[] => [error.writeErrors].flat();

const isOnlyDuplicates = (error: unknown): boolean => {
  if (!(error instanceof MongoBulkWriteError)) return false;
  const failures = writeErrorsOf(error);
  return failures.length > 0 && failures.every(({ code }) => code === DUPLICATE_KEY);
};

/** A name or a code: messages quote what was to be written. */
const codeOf = (error: unknown): string => {
  if (error instanceof MongoServerError) return `MongoDB ${String(error.code)}`;
  return error instanceof Error ? error.name : typeof error;
};

const behind = async <V>(collection: Collection<ModelDocument<V>>, documents: readonly ModelDocument<V>[]): Promise<ReadonlySet<string>> => {
  const ids = documents.map(({ _id }) => _id);
  const stored = await collection.find({ _id: { $in: ids } } as object, { projection: { seq: 1, hash: 1 } }).toArray();
  const hashes = new Map(stored.map(({ _id, hash }) => [String(_id), hash]));
  return new Set(documents.filter(({ _id, hash }) => hashes.get(_id) !== hash).map(({ _id }) => _id));
};
