import type { WorkflowExecutionDescription } from '@temporalio/client';
import { foldRecords, instantMsOf, openRecord, TASK_QUEUE, workflowIdOf, workflowTypeOf, type EntityCarry, type OutboxEntry } from '@qiyue/engine';
import { Appender, WORKFLOW_TASK_TIMEOUT, type Head } from '@qiyue/engine-runtime';
import { handedOverEntries } from './answered-entries';
import { carryFromLedger } from './carry-from-ledger';
import { replayHistory, type History } from './history-replay';
import type { Mismatch, MismatchKind, ReconcileDeps } from './mismatch';
import { hashesIn, madeBeforeReset, wasReset } from './reset-evidence';

/** What has been decided within the last moments is on its way. */
const ON_ITS_WAY_MS = 15_000;

/** One entity, looked at once: see `reconcile`. */
export class EntityLook {
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
    if (status === 'FAILED' && head === null) return [];
    const handle = this.deps.client.workflow.getHandle(described.workflowId, described.runId);
    const history = await handle.fetchHistory();
    if (status === 'COMPLETED') return this.ended(history, head);
    const replayed = await replayHistory(this.deps.bundle, history, described.workflowId);
    if (!replayed.ok) return [this.found('unreplayable', head?.seq ?? 0, `its history does not fit the workflow’s code: ${replayed.why}`, null)];
    const { carry } = replayed;
    if (carry !== null && carry.seq > 0) return this.compare(carry, head, status, history);
    if (head === null) return [];
    if (!(await this.isOwnWork(history, 0, head))) return [await this.notItsOwn(1, head)];
    return [await this.restartFromLedger(status === 'RUNNING' ? 'behind' : 'stopped', 1, 'the workflow stands at its beginning')];
  }

  /** What has ended handed everything over: its history says what that was, and nothing has to be replayed. */
  private async ended(history: History, head: Head | null): Promise<readonly Mismatch[]> {
    const made = [...hashesIn(history)].sort(([a], [b]) => a - b);
    const end = made.at(-1)?.[0] ?? 0;
    const headSeq = head?.seq ?? 0;
    for (const [seq, hash] of made.filter(([at]) => at <= headSeq))
      if ((await this.deps.store.hashAt(this.entity, seq)) !== hash) return [await this.quarantine(seq, { hash })];
    if (headSeq < end) return [await this.appendEnded(handedOverEntries(history), headSeq, end)];
    return head !== null && end > 0 && headSeq > end ? [await this.notItsOwn(end + 1, head)] : [];
  }

  private async appendEnded(handed: readonly OutboxEntry[], headSeq: number, end: number): Promise<Mismatch> {
    const detail = `the workflow has ended at ${end}, the ledger holds ${headSeq}`;
    if (this.isDry) return this.found('lagging', headSeq + 1, detail, null);
    const { decider, store } = this.deps;
    const appender = new Appender(store); // one that remembers an end which is gone would add nothing
    const missing = handed.filter(({ records }) => records.some(({ seq }) => seq > headSeq));
    for (const entry of missing) await appender.append({ aggregate: decider.aggregate, entity: this.entity, entries: [entry] });
    const isWhole = ((await store.head(this.entity))?.seq ?? 0) >= end;
    return this.found('lagging', headSeq + 1, isWhole ? detail : `${detail}; see \`audit restore\``, isWhole ? 'appended' : null);
  }

  /** Whether everything that the ledger holds behind `seq` was made by this workflow, before it was set back. */
  private async isOwnWork(history: History, seq: number, head: Head): Promise<boolean> {
    const made = await madeBeforeReset(this.deps.client, workflowIdOf(this.deps.decider.aggregate, this.entity), history);
    if (made.size === 0) return false;
    const beyond = await this.deps.store.stream(this.entity, seq + 1);
    return beyond.at(-1)?.seq === head.seq && beyond.every((record) => made.get(record.seq) === record.hash);
  }

  private async notItsOwn(seq: number, head: Head): Promise<Mismatch> {
    const detail = `the ledger holds ${head.seq} records, and its workflow made none from ${seq} on: somebody else wrote them, or Temporal is older`;
    if (this.isDry) return this.found('forked', seq, detail, null);
    await this.deps.store.noteFork(this.entity, { seq, why: 'not-its-own', offeredHash: head.hash });
    return this.found('forked', seq, detail, 'quarantined');
  }

  private async compare(carry: EntityCarry<unknown>, head: Head | null, status: string, history: History): Promise<readonly Mismatch[]> {
    const isRunning = status === 'RUNNING';
    const forkedAt = await this.forkOf(carry, head);
    if (forkedAt !== null) return [wasReset(history) || (await this.isUnsound()) ? await this.quarantine(forkedAt, carry) : this.otherCode(forkedAt)];
    if (head !== null && head.seq > carry.seq && !(await this.isOwnWork(history, carry.seq, head)))
      return [await this.notItsOwn(carry.seq + 1, head)];
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

  private async quarantine(seq: number, { hash }: Pick<EntityCarry<unknown>, 'hash'>): Promise<Mismatch> {
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
