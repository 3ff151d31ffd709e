import type { Client } from '@temporalio/client';
import { TASK_QUEUE, workflowIdOf, workflowTypeOf, type AnyDecider, type Pace } from '@qiyue/engine';
import { Incidents, nullWhenNotFound, WORKFLOW_TASK_TIMEOUT, type Appender, type Finding, type LedgerStore } from '@qiyue/engine-runtime';
import { answeredEntries } from './answered-entries';
import { carryFromLedger, type TablesOf } from './carry-from-ledger';

export interface ReleaseDeps {
  readonly client: Client;
  readonly store: LedgerStore;
  readonly appender: Appender;
  readonly decider: AnyDecider;
  readonly tablesOf: TablesOf;
  readonly taskQueue?: string;
  readonly pace?: Pace;
}

export type Release =
  | {
      readonly ok: true;
      readonly seq: number;
      /** Records that had been answered and were missing in the ledger. */
      readonly appended: number;
      /** Commands that were answered with records which the ledger does not take: what they gave is not in the history any more. */
      readonly dropped: readonly string[];
      readonly became: 'running' | 'ended';
    }
  | { readonly ok: false; readonly why: 'no-such-entity' }
  /** The ledger contradicts itself: nothing can go on from it. */
  | { readonly ok: false; readonly why: 'ledger-unsound'; readonly finding: Finding };

/**
 * The way back for an entity whose workflow cannot go on: it begins anew with what the ledger holds, and everything that set it aside is cleared.
 *
 * Contract:
 * 1. Only from a stream that verifies. What the old run answered and nobody appended enters the ledger first, as it was answered, behind the record that it names.
 * 2. The old run is ended in the same step in which the new one starts, so no command falls between.
 * 3. Nothing is decided again. The state is what today's code makes of the records, whatever the code that answered made of them.
 */
export const releaseFromLedger = async (deps: ReleaseDeps, entity: string): Promise<Release> => {
  const { store, decider } = deps;
  const finding = await store.firstFinding(entity);
  if (finding !== null) return { ok: false, why: 'ledger-unsound', finding };
  const before = (await store.head(entity))?.seq ?? 0;
  const dropped = await bringAnswered(deps, entity, before);
  const stream = await store.stream(entity);
  const last = stream.at(-1);
  if (last === undefined || last.aggregate !== decider.aggregate) return { ok: false, why: 'no-such-entity' };
  const carry = await carryFromLedger(store, decider, stream, deps.tablesOf);
  const isFinal = decider.isFinal(carry.state);
  if (isFinal) await endRun(deps, entity);
  else await startFrom(deps, entity, carry);
  await store.forgetDigests(entity);
  await clearMarks(store, entity);
  return { ok: true, seq: last.seq, appended: last.seq - before, dropped, became: isFinal ? 'ended' : 'running' };
};

/** Appends what was answered and is missing. Answers the commands whose records the ledger does not take. */
const bringAnswered = async ({ client, appender, decider }: ReleaseDeps, entity: string, headSeq: number): Promise<readonly string[]> => {
  const history = await nullWhenNotFound(() => client.workflow.getHandle(workflowIdOf(decider.aggregate, entity)).fetchHistory());
  if (history === null) return [];
  const dropped: string[] = [];
  for (const entry of answeredEntries(history).filter(({ records }) => records.some(({ seq }) => seq > headSeq))) {
    const result = await appender.append({ aggregate: decider.aggregate, entity, entries: [entry] });
    if (result.status === 'fork') dropped.push(entry.commandId);
  }
  return dropped;
};

const endRun = async ({ client, decider }: ReleaseDeps, entity: string): Promise<void> => {
  const handle = client.workflow.getHandle(workflowIdOf(decider.aggregate, entity));
  await nullWhenNotFound(() => handle.terminate('released: by the ledger it has ended'));
};

const startFrom = async ({ client, decider, taskQueue, pace }: ReleaseDeps, entity: string, carry: object): Promise<void> => {
  await client.workflow.start(workflowTypeOf(decider.aggregate), {
    workflowId: workflowIdOf(decider.aggregate, entity),
    taskQueue: taskQueue ?? TASK_QUEUE,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    args: [{ entity, carry, ...(pace === undefined ? {} : { pace }) }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });
};

const clearMarks = async (store: LedgerStore, entity: string): Promise<void> => {
  await store.clearFork(entity);
  await store.db.collection<{ entity: string }>('quarantine').deleteMany({ entity });
  await new Incidents(store.db).clearEntity(entity);
};
