import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { foldRecords, instantMsOf, openRecord, TASK_QUEUE, workflowIdOf, workflowTypeOf, type EntityCarry, type Pace } from '@qiyue/engine';
import { WORKFLOW_TASK_TIMEOUT, type AnyDecider, type Appender, type Head, type LedgerStore } from '@qiyue/engine-runtime';
import { carryFromLedger, type TablesOf } from './carry-from-ledger';
import { replayHistory } from './history-replay';

/**
 * `lagging`: Temporal has decided what the ledger does not hold. `forked`: they hold different histories. `behind`: the workflow was set back
 * to before what the ledger holds. `stopped`: the workflow was ended by somebody before the entity was. `gone`: Temporal knows no workflow of
 * a living entity. `unreplayable`: its history does not fit the workflow's code. `lost`: acknowledged, and nowhere any more.
 */
export type MismatchKind = 'lagging' | 'forked' | 'behind' | 'stopped' | 'gone' | 'unreplayable' | 'lost';

export interface Mismatch {
  /** The entity. */
  readonly stream: string;
  readonly seq: number;
  readonly kind: MismatchKind;
  readonly detail: string;
  /** What was done about it; null when it is for a person to settle, or when nothing was to be done yet. */
  readonly done: 'appended' | 'restarted' | 'quarantined' | null;
}

export interface ReconcileDeps {
  readonly client: Client;
  readonly store: LedgerStore;
  readonly appender: Appender;
  readonly decider: AnyDecider;
  readonly bundle: WorkflowBundleOption;
  readonly tablesOf: TablesOf;
  readonly taskQueue?: string;
  readonly pace?: Pace;
}
export interface ReconcileOptions {
  readonly entity?: string;
  /** Looks, and changes nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (entities: number) => void;
}
export interface Reconciliation {
  readonly entities: number;
  readonly mismatches: readonly Mismatch[];
}

/** What has been decided within the last moments is on its way. */
const ON_ITS_WAY_MS = 15_000;

/**
 * Holds Temporal and the ledger against each other, and mends what can be mended.
 *
 * Contract:
 * 1. Records are only made by running the workflow's own code over its history, and enter the ledger by the appender: behind the hash that
 *    they name, or not at all. What does not fit is a fork: noted, shown, never merged.
 * 2. An entity is started again only from a history that the ledger holds whole, and only when no workflow of it runs; one that was set
 *    back is ended first. It goes on with the next seq.
 * 3. Run again it finds nothing that it has mended. Runs beside commands: the ledger is read before the history that it is held against.
 */
export const reconcile = async (deps: ReconcileDeps, options: ReconcileOptions = {}): Promise<Reconciliation> => {
  const mismatches: Mismatch[] = [];
  let entities = 0;
  const look = async (entity: string, described: WorkflowExecutionDescription | null): Promise<void> => {
    mismatches.push(...(await new EntityLook(deps, options.dryRun === true, entity).against(described)));
    entities += 1;
    options.onProgress?.(entities);
  };
  if (options.entity !== undefined) {
    await look(options.entity, await describe(deps, options.entity));
    return { entities, mismatches };
  }
  for await (const { entity, described } of onTemporal(deps)) await look(entity, described);
  for await (const { entity } of deps.store.ledger.find({ aggregate: deps.decider.aggregate, seq: 1 }, { projection: { entity: 1 } })) {
    if ((await describe(deps, entity)) === null) await look(entity, null);
  }
  return { entities, mismatches };
};

/** The newest run of every workflow that did not end by the entity's own rules. */
async function* onTemporal(deps: ReconcileDeps): AsyncGenerator<{ readonly entity: string; readonly described: WorkflowExecutionDescription }> {
  const { aggregate } = deps.decider;
  const prefix = workflowIdOf(aggregate, '');
  const query = [
    `WorkflowType = "${workflowTypeOf(aggregate)}"`,
    `TaskQueue = "${deps.taskQueue ?? TASK_QUEUE}"`,
    `ExecutionStatus != "ContinuedAsNew"`,
    `ExecutionStatus != "Completed"`,
  ].join(' AND ');
  for await (const { workflowId, runId } of deps.client.workflow.list({ query })) {
    if (!workflowId.startsWith(prefix)) continue;
    const entity = workflowId.slice(prefix.length);
    const described = await describe(deps, entity);
    if (described !== null && described.runId === runId) yield { entity, described };
  }
}

const describe = async ({ client, decider }: ReconcileDeps, entity: string): Promise<WorkflowExecutionDescription | null> => {
  try {
    return await client.workflow.getHandle(workflowIdOf(decider.aggregate, entity)).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
};

/** `WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW` of Temporal's API: somebody set the run back. */
const RESET_WORKFLOW = 20;
const wasReset = ({
  events,
}: {
  readonly events?: readonly { workflowTaskFailedEventAttributes?: { cause?: number | null } | null }[] | null;
}): boolean => (events ?? []).some(({ workflowTaskFailedEventAttributes: failed }) => failed?.cause === RESET_WORKFLOW);

/** One entity, looked at once. */
class EntityLook {
  constructor(
    private readonly deps: ReconcileDeps,
    private readonly isDry: boolean,
    private readonly entity: string,
  ) {}

  async against(described: WorkflowExecutionDescription | null): Promise<readonly Mismatch[]> {
    const head = await this.deps.store.head(this.entity);
    if (described === null)
      return head === null || (await this.isFinalInLedger())
        ? []
        : [await this.restartFromLedger('gone', head.seq, 'Temporal knows no workflow of it')];
    const status = described.status.name;
    if (status === 'COMPLETED' || (status === 'FAILED' && head === null)) return [];
    const handle = this.deps.client.workflow.getHandle(described.workflowId, described.runId);
    const history = await handle.fetchHistory();
    const replayed = await replayHistory(this.deps.bundle, history, described.workflowId);
    if (!replayed.ok) return [this.found('unreplayable', head?.seq ?? 0, `its history does not fit the workflow’s code: ${replayed.why}`, null)];
    const { carry } = replayed;
    if (carry !== null && carry.seq > 0) return this.compare(carry, head, status, wasReset(history));
    return head === null
      ? []
      : [await this.restartFromLedger(status === 'RUNNING' ? 'behind' : 'stopped', 1, 'the workflow stands at its beginning')];
  }

  private async compare(carry: EntityCarry<unknown>, head: Head | null, status: string, isReset: boolean): Promise<readonly Mismatch[]> {
    const isRunning = status === 'RUNNING';
    const forkedAt = await this.forkOf(carry, head);
    if (forkedAt !== null) return [isReset || (await this.isUnsound()) ? await this.quarantine(forkedAt, carry) : this.otherCode(forkedAt)];
    if (!this.isDry) await this.deps.store.clearFork(this.entity);
    const lag = (head?.seq ?? 0) < carry.seq ? await this.append(carry, head?.seq ?? 0, isRunning) : [];
    if (lag.some(({ kind }) => kind === 'forked')) return lag;
    if (isRunning && (head?.seq ?? 0) > carry.seq) {
      return [...lag, await this.restartFromLedger('behind', carry.seq + 1, `the workflow stands at ${carry.seq}, the ledger holds ${head?.seq}`)];
    }
    if (isRunning || this.deps.decider.isFinal(carry.state)) return lag;
    const detail = `its workflow is ${status.toLowerCase()}, the entity has not ended`;
    if ((head?.seq ?? 0) > carry.seq) return [...lag, await this.restartFromLedger('stopped', carry.seq, detail)];
    return [...lag, await this.restart('stopped', carry.seq, detail, { ...carry, outbox: [], confirmedOrdinal: carry.ordinal })];
  }

  /** The first seq at which the ledger holds another record than the workflow made; null when there is none among those that are known. */
  private async forkOf({ seq, hash, outbox }: EntityCarry<unknown>, head: Head | null): Promise<number | null> {
    const known = [...outbox.flatMap(({ records }) => records), { seq, hash }].filter((record) => record.seq <= (head?.seq ?? 0));
    for (const record of known) if ((await this.deps.store.hashAt(this.entity, record.seq)) !== record.hash) return record.seq;
    return null;
  }

  private async append({ outbox, seq }: EntityCarry<unknown>, headSeq: number, isRunning: boolean): Promise<readonly Mismatch[]> {
    const missing = outbox.filter(({ records }) => records.some((record) => record.seq > headSeq));
    const isYoung = missing.every(({ receivedAt }) => Date.now() - instantMsOf(receivedAt) < ON_ITS_WAY_MS);
    if (isRunning && missing.length > 0 && isYoung) return [];
    const detail = `the workflow has decided ${seq} records, the ledger holds ${headSeq}`;
    if (this.isDry) return [this.found('lagging', headSeq + 1, detail, null)];
    const result = await this.deps.appender.append({ aggregate: this.deps.decider.aggregate, entity: this.entity, entries: outbox });
    return result.status === 'appended'
      ? [this.found('lagging', headSeq + 1, detail, 'appended')]
      : [this.found('forked', result.seq, `the ledger does not take it: ${result.why}`, 'quarantined')];
  }

  private async isUnsound(): Promise<boolean> {
    return (await this.deps.store.firstFinding(this.entity)) !== null;
  }

  /** Nothing was set back and the ledger fits together: the code at hand decides otherwise than the code that answered. Not a reason to set anything aside. */
  private otherCode(seq: number): Mismatch {
    return this.found('forked', seq, 'this code comes to another record than the code that answered; see `upgrade check`', null);
  }

  private async quarantine(seq: number, { hash }: EntityCarry<unknown>): Promise<Mismatch> {
    const detail = 'the ledger holds another record than the workflow made';
    if (this.isDry) return this.found('forked', seq, detail, null);
    await this.deps.store.noteFork(this.entity, { seq, why: 'other-hash', offeredHash: hash });
    return this.found('forked', seq, detail, 'quarantined');
  }

  private async restartFromLedger(kind: 'gone' | 'behind' | 'stopped', seq: number, detail: string): Promise<Mismatch> {
    const { store, decider, tablesOf } = this.deps;
    const carry = await carryFromLedger(store, decider, await store.stream(this.entity), tablesOf);
    if (decider.isFinal(carry.state)) return this.found(kind, seq, `${detail}; by the ledger it has ended`, null);
    return this.restart(kind, seq, detail, carry);
  }

  private async restart(kind: MismatchKind, seq: number, detail: string, carry: EntityCarry<unknown>): Promise<Mismatch> {
    if (this.isDry) return this.found(kind, seq, detail, null);
    const { client, decider, pace, taskQueue } = this.deps;
    const workflowId = workflowIdOf(decider.aggregate, this.entity);
    await client.workflow.start(workflowTypeOf(decider.aggregate), {
      workflowId,
      taskQueue: taskQueue ?? TASK_QUEUE,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      args: [{ entity: this.entity, carry, ...(pace === undefined ? {} : { pace }) }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: kind === 'behind' ? 'TERMINATE_EXISTING' : 'FAIL',
    });
    return this.found(kind, seq, detail, 'restarted');
  }

  private async isFinalInLedger(): Promise<boolean> {
    const { store, decider } = this.deps;
    const records = await store.stream(this.entity);
    return decider.isFinal(
      foldRecords(
        decider,
        records.map((record) => openRecord(record)),
      ).state,
    );
  }

  private found(kind: MismatchKind, seq: number, detail: string, done: Mismatch['done']): Mismatch {
    return { stream: this.entity, seq, kind, detail, done };
  }
}
