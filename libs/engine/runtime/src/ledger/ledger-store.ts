import { MongoBulkWriteError, type Collection, type Db } from 'mongodb';
import { fieldsThatDiffer, toShanghaiIso, type AppendRequest } from '@qiyue/engine';
import { verifyRecord, type Finding } from '../audit/verify-record';
import { Incidents } from '../incidents/incidents';
import { besideOf, commandsIn, type CommandDocument, type FeedDocument, type ForkDocument, type LedgerDocument } from './documents';

const DUPLICATE_KEY = 11000;

/** The records of an entity do not fit each other. Whoever would have decided or shown something by them answers that an operator has to look. */
export class UnsoundStream extends Error {
  override readonly name = 'UnsoundStream';

  constructor(readonly finding: Finding) {
    super(`the ledger of ${finding.stream} does not fit together at seq ${finding.seq}: ${finding.kind}`);
  }
}

/** The database is there and refuses one record; those before it went in. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';

  constructor(
    readonly index: number,
    /** MongoDB's own number for why. */
    readonly code: number,
    cause: Error,
  ) {
    super(`the ledger does not take a record (${code})`, { cause });
  }
}

/** Seq and hash of an entity's last record. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** The collections of the event store, and the few reads and writes that the engine makes on them. */
export class LedgerStore {
  readonly ledger: Collection<LedgerDocument>;
  readonly feed: Collection<FeedDocument>;
  readonly commands: Collection<CommandDocument>;
  readonly forks: Collection<ForkDocument>;

  /**
   * `db` must come from a client with write concern majority and journal: acknowledged here means kept. `namespace`: a ledger of its own
   * beside that of the entities, in collections that begin with this name.
   */
  constructor(
    readonly db: Db,
    readonly namespace: string = '',
  ) {
    const majority = { readConcern: { level: 'majority' as const }, writeConcern: { w: 'majority' as const, journal: true } };
    this.ledger = db.collection(this.nameOf('ledger'), majority);
    this.feed = db.collection(this.nameOf('feed'), majority);
    this.commands = db.collection(this.nameOf('commands'), majority);
    this.forks = db.collection(this.nameOf('forks'), majority);
  }

  /** Collections of this ledger: `feed`, or `auditFeed` for the namespace `audit`. */
  nameOf(collection: string): string {
    return this.namespace === '' ? collection : `${this.namespace}${collection.charAt(0).toUpperCase()}${collection.slice(1)}`;
  }

  /** Makes the indexes that are not there yet; the unique ones are what append and feed rest on. Call it before the first append. */
  async ensureIndexes(): Promise<void> {
    await this.ledger.createIndex({ entity: 1, seq: 1 }, { unique: true });
    await this.ledger.createIndex({ actorId: 1, time: 1 });
    await this.feed.createIndex({ entity: 1, seq: 1 }, { unique: true });
    await this.commands.createIndex({ notedAt: 1, _id: 1 });
    await this.commands.createIndex({ entity: 1, ordinal: -1 });
    await this.commands.createIndex({ commandId: 1 }, { sparse: true });
  }

  /** Seq and hash of the last record; null for an entity without any. */
  async head(entity: string): Promise<Head | null> {
    return this.ledger.findOne({ entity }, { sort: { seq: -1 }, projection: { _id: 0, seq: 1, hash: 1 } });
  }

  /** Hash of the record at a seq; null where there is none. */
  async hashAt(entity: string, seq: number): Promise<string | null> {
    return (await this.ledger.findOne({ entity, seq }, { projection: { hash: 1 } }))?.hash ?? null;
  }

  /** Records of one entity in order of seq; `fromSeq` and `toSeq` are inclusive. */
  async stream(entity: string, fromSeq = 1, toSeq = Number.MAX_SAFE_INTEGER): Promise<LedgerDocument[]> {
    return this.ledger
      .find({ entity, seq: { $gte: fromSeq, $lte: toSeq } })
      .sort({ seq: 1 })
      .toArray();
  }

  /** The whole stream of an entity, each record held against the one before. Throws `UnsoundStream`, which is noted as an incident. */
  async soundStream(entity: string): Promise<LedgerDocument[]> {
    const stream = await this.stream(entity);
    const finding = findingIn(stream);
    if (finding === null) return stream;
    await this.noteUnsound(finding);
    throw new UnsoundStream(finding);
  }

  /** Where the operator looks. */
  async noteUnsound({ stream: entity, seq, kind }: Finding): Promise<void> {
    await new Incidents(this.db).note({ kind: 'ledger-unsound', subject: entity, entity, seq, why: kind });
  }

  /**
   * Inserts records one after the other in one round trip and stops at the first whose `(entity, seq)` is taken, so that no
   * record is ever there without those before it. Answers that record's index, null when all went in; whether the one
   * that is there has the same hash is for the caller to look at. Rejects with `NotTaken` for a record that the database refuses.
   */
  async insertInOrder(records: readonly LedgerDocument[]): Promise<number | null> {
    try {
      await this.ledger.insertMany([...records], { ordered: true });
      return null;
    } catch (error) {
      const [failure] = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
      if (failure !== undefined && failure.code !== DUPLICATE_KEY && error instanceof Error) throw new NotTaken(failure.index, failure.code, error);
      return duplicatesOf(error)[0] ?? null;
    }
  }

  /** The last record of an entity, read for this very question. */
  async headRecord(entity: string): Promise<Pick<LedgerDocument, 'seq' | 'hash' | 'canonical'> | null> {
    return this.ledger.findOne({ entity }, { sort: { seq: -1 }, projection: { _id: 0, seq: 1, hash: 1, canonical: 1 } });
  }

  /** The last command of an entity whose outcome is kept. */
  async lastOutcome(entity: string): Promise<Pick<CommandDocument, '_id' | 'commandId' | 'outcome' | 'digest'> | null> {
    return this.commands.findOne({ entity, ordinal: { $gt: 0 } }, { sort: { ordinal: -1 }, projection: { commandId: 1, outcome: 1, digest: 1 } });
  }

  /**
   * Notes what became of commands, and answers the ids of which nothing was known before. First come, first kept: an outcome is never overwritten, and an id
   * that is taken under another fingerprint stays as it is, unless nobody ever gave it an outcome and nobody can. What another entity did
   * under the same id in the same moment is kept beside, so that its sender hears the same for ever. Most that is there was noted by the answer itself,
   * so it is looked at before anything is written.
   */
  async noteCommands(rows: readonly CommandDocument[]): Promise<readonly string[]> {
    if (rows.length === 0) return [];
    const present = await this.insertNew(rows);
    const isPresent = new Set(present);
    const inserted = rows.filter((row) => !isPresent.has(row)).map(({ _id }) => _id);
    if (present.length === 0) return inserted;
    const kept = await this.keptOf(present);
    const open = present.filter(({ _id }) => kept.get(_id)?.hasOutcome !== true);
    const given = open.length === 0 ? kept : await this.giveOutcome(open);
    const beside = present.filter((row) => isOthers(row, given.get(row._id) ?? kept.get(row._id)));
    if (beside.length > 0) await this.insertNew(beside.map((row) => ({ ...row, _id: besideOf(row._id, row.entity), commandId: row._id })));
    return inserted;
  }

  /** Answers what stands under their ids then. */
  private async giveOutcome(rows: readonly CommandDocument[]): Promise<ReadonlyMap<string, KeptCommand>> {
    const updates = rows.map(({ _id, fingerprint, ...row }) => ({
      updateOne: {
        filter: { _id, outcome: { $exists: false }, $or: [{ fingerprint }, { state: 'dead' as const }] },
        update: row.code === undefined ? { $set: { fingerprint, ...row }, $unset: { code: true as const } } : { $set: { fingerprint, ...row } },
        upsert: false,
      },
    }));
    const { matchedCount } = await this.commands.bulkWrite(updates, { ordered: false });
    return matchedCount < rows.length
      ? this.keptOf(rows)
      : new Map(rows.map(({ _id, entity, fingerprint }) => [_id, { entity, fingerprint, hasOutcome: true }]));
  }

  private async keptOf(rows: readonly CommandDocument[]): Promise<ReadonlyMap<string, KeptCommand>> {
    const found = this.commands.find(
      { _id: { $in: rows.map(({ _id }) => _id) } },
      { projection: { entity: 1, fingerprint: 1, 'outcome.status': 1 } },
    );
    return new Map(
      await found
        .map(({ _id, entity, fingerprint, outcome }) => [_id, { entity, fingerprint, hasOutcome: outcome !== undefined }] as const)
        .toArray(),
    );
  }

  /** Takes back what was noted beside records that turned out to be another history. */
  async unnoteCommands(entity: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.commands.deleteMany({ _id: { $in: ids.flatMap((id) => [id, besideOf(id, entity)]) }, entity });
  }

  /** Of an entity that goes on from its records as today's code folds them: what other code came to counts no more. */
  async forgetDigests(entity: string): Promise<void> {
    await this.commands.updateMany({ entity, digest: { $exists: true } }, { $unset: { digest: true } });
  }

  /** Entities of which an entry has another outcome than the one that is kept, or another state behind it, with the seq of the entry's. */
  async otherOutcomes(requests: readonly AppendRequest[]): Promise<ReadonlyMap<string, number>> {
    const entries = requests.flatMap((request) => commandsIn(request.entries));
    const rows = await this.commands
      .find(
        { _id: { $in: entries.map(({ commandId }) => commandId) }, outcome: { $exists: true } },
        { projection: { fingerprint: 1, outcome: 1, digest: 1 } },
      )
      .toArray();
    const kept = new Map(rows.map((row) => [row._id, row]));
    return new Map(
      entries.flatMap(({ commandId, fingerprint, outcome, digest }) => {
        const row = kept.get(commandId);
        if (row?.outcome === undefined || row.fingerprint !== fingerprint) return [];
        const isSame = row.outcome.entity === outcome.entity && row.outcome.status === outcome.status && row.outcome.seq === outcome.seq;
        return isSame && fieldsThatDiffer(digest ?? {}, row.digest ?? {}).length === 0 ? [] : [[outcome.entity, outcome.seq] as const];
      }),
    );
  }

  /** Most commands are new, and inserting is the cheapest way to say so. Answers the rows whose id is there already. */
  private async insertNew(rows: readonly CommandDocument[]): Promise<readonly CommandDocument[]> {
    try {
      await this.commands.insertMany([...rows], { ordered: false });
      return [];
    } catch (error) {
      return duplicatesOf(error).map((index) => rows[index] as CommandDocument);
    }
  }

  /** What is wrong first with an entity's own records, each held against the one before; null when they are sound. */
  async firstFinding(entity: string): Promise<Finding | null> {
    return findingIn(await this.stream(entity));
  }

  /** Called when the contradiction has gone: the code that answered runs again, or the entity goes on from the ledger. */
  async clearFork(entity: string): Promise<void> {
    await this.forks.deleteOne({ _id: entity });
  }

  /** Notes that somebody offered another history. The first of an entity stays. */
  async noteFork(entity: string, fork: Omit<ForkDocument, '_id' | 'seenAt'>): Promise<void> {
    await this.forks.updateOne({ _id: entity }, { $setOnInsert: { ...fork, seenAt: toShanghaiIso(Date.now()) } }, { upsert: true });
  }
}

/** What a row says that was there already. */
type KeptCommand = Pick<CommandDocument, 'entity' | 'fingerprint'> & { readonly hasOutcome: boolean };

/** Another entity did something else under the same id. */
const isOthers = ({ entity, fingerprint }: CommandDocument, kept: KeptCommand | undefined): boolean =>
  kept !== undefined && kept.entity !== entity && kept.fingerprint !== fingerprint;

const findingIn = (stream: readonly LedgerDocument[]): Finding | null =>
  stream.flatMap((document, i) => verifyRecord(document, stream[i - 1] ?? null))[0] ?? null;

/** Indexes of the operations that met a duplicate key. Rethrows an error that is anything else besides. */
const duplicatesOf = (error: unknown): readonly number[] => {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failures: readonly { readonly code: number; readonly index: number }[] = [error.writeErrors].flat();
  if (failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  return failures.map(({ index }) => index);
};
