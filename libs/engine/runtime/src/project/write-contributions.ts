import type { AnyBulkWriteOperation, ClientSession, Collection, Db } from 'mongodb';
import { changed, changesBetween, NotCountable, type Contribution, type KeptPart, type KeyChange } from './contribution';
import { PARTS_SUFFIX, type KeyDocument } from './keyed-model';
import type { ModelDocument } from './model';
import { inTransaction } from './transaction';
import { WriterSessions } from './writer-sessions';
import { isAway, isTooDeep, TOO_DEEP, whyRefused, type Before, type WriteDocuments, type Written } from './write-documents';

type Contributed = ModelDocument<Contribution<unknown>>;
type Batch = readonly Contributed[];

/** So many entities change in one transaction. */
const ENTITIES_MAX = 250;

/**
 * Writes what entities give, and the sums of the keys that they give to, in one transaction for some hundred entities: a record counts once, however often it comes
 * and whoever else writes. An entity is written at the seq that it was read at. One that cannot be written or counted is found by halving, and is the only one
 * that is not. Rejects when the server is away.
 */
export const writeContributions: WriteDocuments<Contribution<unknown>> = async (collection, documents, before, db) => {
  const refused = new Map(documents.filter(isTooDeep).map(({ _id }) => [_id, TOO_DEEP]));
  const sent = documents.filter(({ _id }) => !refused.has(_id));
  const writing = new ContributionWriting(collection, before, db);
  const written: Written[] = [{ lost: new Set(), refused }];
  for (let from = 0; from < sent.length; from += ENTITIES_MAX) written.push(await writing.write(sent.slice(from, from + ENTITIES_MAX)));
  return together(written);
};

const together = (written: readonly Written[]): Written => ({
  lost: new Set(written.flatMap(({ lost }) => [...lost])),
  refused: new Map(written.flatMap(({ refused }) => [...refused])),
});

class ContributionWriting {
  private readonly keys: Collection<KeyDocument>;

  constructor(
    private readonly parts: Collection<Contributed>,
    private readonly before: Before<unknown>,
    private readonly db: Db,
  ) {
    this.keys = db.collection(parts.collectionName.slice(0, -PARTS_SUFFIX.length));
  }

  async write(batch: Batch): Promise<Written> {
    try {
      return await this.atOnce(batch);
    } catch (error) {
      if (isAway(error)) throw error;
      if (batch.length === 1) return this.alone(batch);
      const half = Math.ceil(batch.length / 2);
      return together([await this.write(batch.slice(0, half)), await this.write(batch.slice(half))]);
    }
  }

  private async alone(batch: Batch): Promise<Written> {
    let written: Written = { lost: new Set(batch.map(({ _id }) => _id)), refused: new Map() };
    const why = await whyRefused(async () => (written = await this.atOnce(batch)), this.db);
    return why === null ? written : { lost: new Set(), refused: new Map(batch.map(({ _id }) => [_id, why])) };
  }

  private atOnce(batch: Batch): Promise<Written> {
    const work = async (session: ClientSession): Promise<Written> => {
      const stored = await this.stored(batch, session);
      const isOurs = ({ _id }: Contributed): boolean => stored.get(_id)?.seq === this.before.get(_id)?.seq;
      const lost = batch.filter((document) => !isOurs(document) && stored.get(document._id)?.hash !== document.hash);
      const { counted, keys, refused } = await this.count(batch.filter(isOurs), stored, session);
      if (keys.length > 0) await this.keys.bulkWrite(keys, { session });
      if (counted.length > 0) await this.parts.bulkWrite(counted.map(replacing), { session });
      return { lost: new Set(lost.map(({ _id }) => _id)), refused };
    };
    return inTransaction(this.db, work, sessionsOf(this.db));
  }

  private async stored(batch: Batch, session: ClientSession): Promise<ReadonlyMap<string, Contributed>> {
    const ids = batch.map(({ _id }) => _id);
    const projection = { seq: 1, hash: 1, 'view.parts': 1 };
    const found = await this.parts.find({ _id: { $in: ids } } as object, { session, projection }).toArray();
    return new Map(found.map((document) => [String(document._id), document as Contributed]));
  }

  /** One entity after the other on top of the sums as they are, so that it is known which of them is too much. */
  private async count(batch: Batch, stored: ReadonlyMap<string, Contributed>, session: ClientSession) {
    const refused = new Map<string, string>();
    const countable = batch.flatMap((document) => {
      const changes = orRefused(refused, document, () => changesBetween(partsOf(stored.get(document._id)), document.view.parts));
      return changes === null ? [] : [{ document, changes }];
    });
    const ids = [...new Set(countable.flatMap(({ changes }) => changes.map(({ id }) => id)))];
    const found = ids.length === 0 ? [] : await this.keys.find({ _id: { $in: ids } }, { session }).toArray();
    const sums = new Map<string, KeyDocument | null>(found.map((document) => [document._id, document]));
    const counted = countable.filter(({ document, changes }) => {
      const next = orRefused(refused, document, () => changes.map((change) => [change.id, changed(sums.get(change.id) ?? null, change)] as const));
      for (const [id, key] of next ?? []) sums.set(id, key);
      return next !== null;
    });
    const touched = new Set(counted.flatMap(({ changes }: { readonly changes: readonly KeyChange[] }) => changes.map(({ id }) => id)));
    return { counted: counted.map(({ document }) => document), keys: [...touched].map((id) => keyOperation(id, sums.get(id) ?? null)), refused };
  }
}

const known = new WeakMap<Db, WriterSessions>();
const sessionsOf = (db: Db): WriterSessions => {
  const sessions = known.get(db) ?? new WriterSessions(db);
  known.set(db, sessions);
  return sessions;
};

const orRefused = <T>(refused: Map<string, string>, { _id }: Contributed, work: () => T): T | null => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof NotCountable)) throw error;
    refused.set(_id, error.message);
    return null;
  }
};

const partsOf = (document: Contributed | undefined): readonly KeptPart[] => document?.view.parts ?? [];

const replacing = (document: Contributed): AnyBulkWriteOperation<Contributed> =>
  ({ replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true } }) as unknown as AnyBulkWriteOperation<Contributed>;

const keyOperation = (id: string, document: KeyDocument | null): AnyBulkWriteOperation<KeyDocument> =>
  document === null ? { deleteOne: { filter: { _id: id } } } : { replaceOne: { filter: { _id: id }, replacement: document, upsert: true } };
