import type { Outcome } from '@qiyue/engine';
import type { CommandDocument, LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { batchesAhead } from './batches-ahead';
import type { Finding } from './verify-record';

/** As much of a command's row as is held against the ledger. */
export interface OutcomeRow extends Pick<
  CommandDocument,
  '_id' | 'commandId' | 'recordedAs' | 'aggregate' | 'entity' | 'type' | 'state' | 'notedAt'
> {
  readonly outcome?: Pick<Outcome, 'status' | 'entity' | 'seq'>;
}
/** Whether a command can have been accepted and have changed nothing, by its row. */
export type MaySayNothing = (row: Pick<OutcomeRow, '_id' | 'aggregate' | 'type'>) => boolean;
type CommandRecord = Pick<LedgerDocument, 'entity' | 'seq' | 'commandId' | 'time'>;

/** What a walk over outcomes looks at. */
export interface OutcomeOptions {
  readonly entity?: string;
  /** Commands that may have been accepted without a record: those of our own processes, whose ids nobody else can take, and those that may say what is so already. */
  readonly maySayNothing?: MaySayNothing;
  /** The clock, for tests; the machine's where it is left out. */
  readonly nowMs?: () => number;
}

const BATCH = 5_000;
/** So many are read again at once, during the walk: whoever adds rows by the thousand hides none behind them. */
const SUSPECTS_MAX = 1_000;
const FINDINGS_MAX = 1_000;
/** Record and row are written side by side, and again by the workflow's flush when one of them was cut off: so long one of them may be alone. */
const UNDER_WAY_MS = 600_000;
/** Clocks of processes differ by less. */
const SKEW_MS = 60_000;
/** Of a row as much as the walk needs. */
type ClaimRow = Omit<OutcomeRow, 'notedAt'>;
const CLAIMED = {
  commandId: 1,
  recordedAs: 1,
  aggregate: 1,
  entity: 1,
  type: 1,
  state: 1,
  'outcome.status': 1,
  'outcome.entity': 1,
  'outcome.seq': 1,
};
const FIELDS = { ...CLAIMED, notedAt: 1 };

/** Whether the record is of the command that the row is about. Nothing else says how the two name each other. */
export const isOfCommand = (
  record: Pick<LedgerDocument, 'entity' | 'commandId'>,
  { _id, commandId = _id, recordedAs = commandId, entity }: Pick<CommandDocument, '_id' | 'commandId' | 'recordedAs' | 'entity'>,
): boolean => record.entity === entity && record.commandId === recordedAs;

/** Timers are nobody's commands and have no rows; nobody else can take such an id. */
export const isOfTimer = ({ commandId }: Pick<LedgerDocument, 'commandId'>): boolean => commandId.startsWith('timer:');

/** What is wrong between the last record of a command and the rows that name its seq; null when one of them is the command's. Pure. */
export const findingOfRecord = (record: CommandRecord, rows: readonly ClaimRow[]): Finding | null =>
  isOfTimer(record) || rows.some((row) => isAccepted(row) && isOfCommand(record, row)) ? null : findingAt(record, 'no accepted command names it');

/** What is wrong with a row, beside the record at the seq that it names: null: there is none. Pure. */
export const findingOfRow = (row: ClaimRow, record: CommandRecord | null, maySayNothing: MaySayNothing): Finding | null => {
  const { _id, entity, state, outcome } = row;
  const seq = outcome?.seq ?? 0;
  const wrong = (detail: string): Finding => findingAt({ entity, seq }, `${detail}: command ${_id}`);
  if (outcome === undefined) return state === 'pending' || state === 'dead' ? null : wrong(`${state} without an outcome`);
  if (state !== outcome.status || entity !== outcome.entity) return wrong('the row and its outcome differ');
  if (!isAccepted(row) || (record !== null && isOfCommand(record, row)) || (maySayNothing(row) && isPlace(record, seq))) return null;
  return wrong(record === null ? 'accepted, and there is no such record' : 'accepted, and the record is of another command');
};

/** What changed nothing was answered with the seq that was the last one then. */
const isPlace = (record: CommandRecord | null, seq: number): boolean => record !== null || seq === 0;

const isAccepted = ({ outcome }: ClaimRow): boolean => outcome?.status === 'accepted';

const findingAt = ({ entity, seq }: Pick<CommandRecord, 'entity' | 'seq'>, detail: string): Finding => ({
  ...{ stream: entity, seq, kind: 'outcome', detail },
});

/**
 * Walks the rows of commands beside a ledger that is walked in order of entity and seq, and holds the one against the other: every record of a
 * command has its row, which says `accepted` with the command's last seq, and every accepted row names such a record. Holds the seqs of one entity at
 * a time. What does not fit is read once more at the end, since both go on growing meanwhile.
 */
export class OutcomeWalk {
  private readonly rows: RowsByEntity;
  private suspects: Suspect[] = [];
  private readonly findings: Finding[] = [];
  private ends = new Map<number, CommandRecord>();
  private last: CommandRecord | null = null;
  private readonly maySayNothing: MaySayNothing;

  constructor(
    private readonly store: Pick<LedgerStore, 'commands' | 'ledger'>,
    private readonly options: OutcomeOptions = {},
  ) {
    const filter = options.entity === undefined ? {} : { entity: options.entity };
    this.rows = new RowsByEntity(
      store.commands.find<ClaimRow>(filter, { projection: CLAIMED }).sort({ entity: 1, ordinal: -1 }).allowDiskUse().batchSize(BATCH),
    );
    this.maySayNothing = options.maySayNothing ?? (() => false);
  }

  /** The next record of the walk. Behind the last of an entity `settle` has to be awaited. */
  take({ entity, seq, commandId, time }: LedgerDocument): void {
    const record = { entity, seq, commandId, time };
    // Of one command's records the last is the one that its row names.
    if (this.last !== null && this.last.commandId === commandId) this.ends.delete(this.last.seq);
    this.ends.set(seq, record);
    this.last = record;
  }

  /** The entity's records are through. */
  async settle(): Promise<void> {
    const entity = this.last?.entity;
    if (entity === undefined) return;
    this.lookAt(entity, await this.rows.upTo(entity, this.lookAtStreamless), this.ends);
    this.ends = new Map();
    this.last = null;
    if (this.suspects.length >= SUSPECTS_MAX) await this.lookAgain();
  }

  /** What there is left, and what is wrong with all of it. */
  async finish(): Promise<readonly Finding[]> {
    await this.settle();
    await this.rows.upTo(null, this.lookAtStreamless);
    await this.lookAgain();
    return this.findings;
  }

  private readonly lookAtStreamless = ({ entity, rows }: EntityRows): void => this.lookAt(entity, rows, new Map());

  private lookAt(entity: string, rows: readonly ClaimRow[], ends: ReadonlyMap<number, CommandRecord>): void {
    const named = new Set<number>();
    for (const row of rows) {
      const seq = row.outcome?.seq ?? 0;
      const record = ends.get(seq) ?? null;
      if (findingOfRow(row, record, this.maySayNothing) !== null) this.suspects.push({ entity, row: row._id });
      else if (record !== null && isAccepted(row) && isOfCommand(record, row)) named.add(seq);
    }
    for (const record of ends.values()) if (!named.has(record.seq) && !isOfTimer(record)) this.suspects.push({ entity, seq: record.seq });
  }

  /** Whatever the walk has met too early, or between two writes, is in its place by now. */
  private async lookAgain(): Promise<void> {
    const suspects = this.suspects;
    this.suspects = [];
    for (const suspect of suspects) {
      if (this.findings.length >= FINDINGS_MAX) return;
      const finding = 'row' in suspect ? await this.rowAgain(suspect.row) : await this.recordAgain(suspect);
      if (finding !== null) this.findings.push(finding);
    }
  }

  private async rowAgain(id: string): Promise<Finding | null> {
    const row = await this.store.commands.findOne<OutcomeRow>({ _id: id }, { projection: FIELDS });
    if (row === null) return null;
    const record = await this.store.ledger.findOne({ entity: row.entity, seq: row.outcome?.seq ?? 0 });
    const finding = findingOfRow(row, record, this.maySayNothing);
    return finding !== null && record === null && this.isUnderWay(row.notedAt.getTime()) ? null : finding;
  }

  private async recordAgain({ entity, seq }: { readonly entity: string; readonly seq: number }): Promise<Finding | null> {
    const record = await this.store.ledger.findOne({ entity, seq });
    if (record === null) return null;
    const rows = await this.store.commands.find<OutcomeRow>({ entity, 'outcome.seq': seq }, { projection: FIELDS }).toArray();
    const next = await this.store.ledger.findOne({ entity, seq: seq + 1 }, { projection: { commandId: 1 } });
    const finding = next?.commandId === record.commandId ? null : findingOfRecord(record, rows);
    return finding !== null && this.isUnderWay(Date.parse(record.time)) ? null : finding;
  }

  private isUnderWay(sinceMs: number): boolean {
    const agoMs = (this.options.nowMs ?? Date.now)() - sinceMs;
    return agoMs > -SKEW_MS && agoMs < UNDER_WAY_MS;
  }
}

type Suspect = { readonly entity: string; readonly row: string } | { readonly entity: string; readonly seq: number };

interface EntityRows {
  readonly entity: string;
  readonly rows: readonly ClaimRow[];
}

/** Rows of commands in order of entity, those of one at a time. */
class RowsByEntity {
  private readonly batches: AsyncGenerator<readonly ClaimRow[]>;
  private batch: readonly ClaimRow[] = [];
  private at = 0;
  private isThrough = false;

  constructor(cursor: Parameters<typeof batchesAhead<ClaimRow>>[0]) {
    this.batches = batchesAhead(cursor);
  }

  /** Those of the entity; those of all before it, or of all that are left for null, are given to `onOther`. */
  async upTo(entity: string | null, onOther: (other: EntityRows) => void): Promise<readonly ClaimRow[]> {
    for (;;) {
      const next = await this.peek();
      if (next === null || (entity !== null && next.entity > entity)) return [];
      const rows = await this.restOf(next.entity);
      if (next.entity === entity) return rows;
      onOther({ entity: next.entity, rows });
    }
  }

  private async restOf(entity: string): Promise<readonly ClaimRow[]> {
    const rows: ClaimRow[] = [];
    for (;;) {
      const from = this.at;
      do
        this.at += 1; // whatever stands there as an entity, the walk gets past it
      while (this.batch[this.at]?.entity === entity);
      rows.push(...this.batch.slice(from, this.at));
      if ((await this.peek())?.entity !== entity) return rows;
    }
  }

  private async peek(): Promise<ClaimRow | null> {
    while (this.at >= this.batch.length && !this.isThrough) {
      const next = await this.batches.next();
      [this.batch, this.at, this.isThrough] = [next.done === true ? [] : next.value, 0, next.done === true];
    }
    return this.batch[this.at] ?? null;
  }
}
