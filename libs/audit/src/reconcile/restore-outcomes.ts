import { foldRecords, openRecord, toShanghaiIso, type AnyDecider, type Outcome } from '@qiyue/engine';
import {
  findingOfRecord,
  findingOfRow,
  isOfCommand,
  isOfTimer,
  type CommandDocument,
  type Finding,
  type LedgerDocument,
  type LedgerStore,
  type MaySayNothing,
} from '@qiyue/engine-runtime';

export interface RestoreOutcomesDeps {
  readonly store: LedgerStore;
  readonly decider: AnyDecider;
  /** Commands that may have been accepted without a record. */
  readonly maySayNothing: MaySayNothing;
  /** Keeps on record what is about to be written anew; nothing is when it rejects. */
  readonly record: () => Promise<void>;
}

export type RestoredOutcomes =
  | {
      readonly ok: true;
      /** Ids of commands whose rows were written anew, or would be. */
      readonly written: readonly string[];
      /** Ids of those that gave no record and are no refusals: their rows were taken out, or would be. */
      readonly removed: readonly string[];
    }
  | { readonly ok: false; readonly why: 'no-such-entity' }
  /** Nothing can be told by records that do not fit each other. */
  | { readonly ok: false; readonly why: 'ledger-unsound'; readonly finding: Finding };

/** A row as it was found, kept for whoever looks into it. */
interface DamagedRow {
  readonly entity: string;
  readonly at: string;
  readonly was: CommandDocument;
}

/** What the ledger does not say of a command whose row is gone. No fingerprint is this, so that its id answers nobody with another's outcome. */
const UNKNOWN = 'unknown';

/**
 * Writes the rows of an entity's commands anew out of its records, where they say otherwise.
 *
 * Contract:
 * 1. Only from a stream that verifies. Which command gave a record is what the record says.
 * 2. A row that says `accepted` and gave no record, or says nothing that can be, is taken out: its command is unknown, and the workflow answers it when it
 *    comes again. A refusal stays.
 * 3. What stood there is kept in `commandsDamaged`, and the act is on record before it is done. Run again it finds nothing.
 */
export const restoreOutcomes = async (deps: RestoreOutcomesDeps, entity: string, { dryRun = false } = {}): Promise<RestoredOutcomes> => {
  const { store } = deps;
  const finding = await store.firstFinding(entity);
  if (finding !== null) return { ok: false, why: 'ledger-unsound', finding };
  const rows = await store.commands.find({ entity }).toArray(); // before the records: what is accepted meanwhile has both
  const stream = await store.stream(entity);
  if (stream.length === 0 && rows.length === 0) return { ok: false, why: 'no-such-entity' };
  const ends = lastOfEach(stream);
  const isWrong = (row: CommandDocument) => findingOfRow(row, ends.find(({ seq }) => seq === row.outcome?.seq) ?? null, deps.maySayNothing) !== null;
  const good = rows.filter((row) => !isWrong(row));
  const unnamed = ends.filter((record) => findingOfRecord(record, rowsAt(good, record.seq)) !== null);
  const accepted = unnamed.map((record) => rowFor(deps.decider, stream, record, rows));
  const anew = new Set(accepted.map(({ _id }) => _id));
  const others = rows.filter((row) => isWrong(row) && !anew.has(row._id));
  const written = [...accepted, ...others.filter(isRefusal).map((row): CommandDocument => ({ ...row, state: 'refused' }))];
  const removed = others.filter((row) => !isRefusal(row));
  if (!dryRun && written.length + removed.length > 0) {
    await deps.record();
    await keepDamaged(store, entity, [...rows.filter(({ _id }) => anew.has(_id)), ...others]);
    await write(store, written, removed);
  }
  return { ok: true, written: written.map(({ _id }) => _id), removed: removed.map(({ _id }) => _id) };
};

/** The last record of each command. */
const lastOfEach = (stream: readonly LedgerDocument[]): readonly LedgerDocument[] =>
  stream.filter((record, i) => !isOfTimer(record) && stream[i + 1]?.commandId !== record.commandId);

const rowsAt = (rows: readonly CommandDocument[], seq: number) => rows.filter(({ outcome }) => outcome?.seq === seq);

/** Its outcome says all that there is to say, and its state only repeats it. */
const isRefusal = ({ entity, outcome }: CommandDocument): boolean => outcome?.status === 'refused' && outcome.entity === entity;

/** What the row of a record's command should say. */
const rowFor = (
  decider: AnyDecider,
  stream: readonly LedgerDocument[],
  record: LedgerDocument,
  rows: readonly CommandDocument[],
): CommandDocument => {
  const { entity, seq, aggregate, commandId } = record;
  const { code: _, ...known } = rows.find((row) => isOfCommand(record, row)) ?? bareRow(record, commandId);
  const { state } = foldRecords(
    decider,
    stream.slice(0, seq).map((document) => openRecord(document)),
  );
  const outcome: Outcome = { status: 'accepted', entity, seq, summary: decider.summary(state) };
  return { ...known, aggregate, entity, state: 'accepted', notedAt: new Date(), outcome };
};

const bareRow = (record: LedgerDocument, commandId: string): CommandDocument => ({
  ...{ _id: commandId, state: 'accepted', aggregate: record.aggregate, entity: record.entity, type: UNKNOWN, fingerprint: UNKNOWN },
  ...{ actor: openRecord(record).actor, channel: 'system', receivedAt: record.time, notedAt: new Date() },
});

const keepDamaged = async ({ db }: LedgerStore, entity: string, rows: readonly CommandDocument[]): Promise<void> => {
  const at = toShanghaiIso(Date.now());
  const damaged = rows.map((was): DamagedRow => ({ entity, at, was }));
  if (damaged.length > 0) await db.collection<DamagedRow>('commandsDamaged').insertMany(damaged);
};

const write = async ({ commands }: LedgerStore, written: readonly CommandDocument[], removed: readonly CommandDocument[]): Promise<void> => {
  await commands.bulkWrite([
    ...written.map((row) => ({ replaceOne: { filter: { _id: row._id }, replacement: row, upsert: true } })),
    ...removed.map(({ _id, notedAt }) => ({ deleteOne: { filter: { _id, notedAt } } })),
  ]);
};
