import type { WorkflowExecutionDescription } from '@temporalio/client';
import { TASK_QUEUE, workflowIdOf, workflowTypeOf } from '@qiyue/engine';
import { nullWhenNotFound, type LedgerStore } from '@qiyue/engine-runtime';
import { EntityLook } from './entity-look';
import type { Mismatch, ReconcileDeps } from './mismatch';

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

/**
 * Holds Temporal and the ledger against each other, and mends what can be mended.
 *
 * Contract:
 * 1. Records are only made by running the workflow's own code over its history, and enter the ledger by the appender: behind the hash that
 *    they name, or not at all. What does not fit is a fork: noted, shown, never merged.
 * 2. An entity is started again only from a history that the ledger holds whole, and only when no workflow of it runs; one that was set
 *    back is ended first. It goes on with the next seq.
 * 3. What the ledger holds behind a workflow's end is taken for true only when the workflow made it, before somebody set it back, by its own histories. Else
 *    somebody else wrote it, or Temporal is older than the ledger: the entity is set aside, for a person to settle.
 * 4. Run again it finds nothing that it has mended. Runs beside commands: the ledger is read before the history that it is held against.
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

/** The newest run of every workflow. */
async function* onTemporal(deps: ReconcileDeps): AsyncGenerator<{ readonly entity: string; readonly described: WorkflowExecutionDescription }> {
  const { aggregate } = deps.decider;
  const prefix = workflowIdOf(aggregate, '');
  const query = [
    `WorkflowType = "${workflowTypeOf(aggregate)}"`,
    `TaskQueue = "${deps.taskQueue ?? TASK_QUEUE}"`,
    `ExecutionStatus != "ContinuedAsNew"`,
  ].join(' AND ');
  for await (const { workflowId, runId } of deps.client.workflow.list({ query })) {
    if (!workflowId.startsWith(prefix)) continue;
    const entity = workflowId.slice(prefix.length);
    const described = await describe(deps, entity);
    if (described !== null && described.runId === runId) yield { entity, described };
  }
}

const describe = ({ client, decider }: ReconcileDeps, entity: string): Promise<WorkflowExecutionDescription | null> =>
  nullWhenNotFound(() => client.workflow.getHandle(workflowIdOf(decider.aggregate, entity)).describe());

/** Entities of a kind that is compared by nobody: at most a hundred are named. */
export const unknownAggregates = async (store: Pick<LedgerStore, 'ledger'>, known: readonly string[]): Promise<readonly Mismatch[]> => {
  const found = store.ledger.find({ seq: 1, aggregate: { $nin: [...known] } }, { projection: { entity: 1, aggregate: 1 } });
  const rows = await found.limit(UNKNOWN_NAMED_MAX).toArray();
  return rows.map(({ entity, aggregate }) => ({
    ...{ stream: entity, seq: 1, kind: 'unknown-aggregate', done: null },
    detail: `this version knows no entities of the kind ${aggregate}`,
  }));
};
const UNKNOWN_NAMED_MAX = 100;
