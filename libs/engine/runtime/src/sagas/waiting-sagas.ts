import type { Client } from '@temporalio/client';
import { SAGA_TASK_QUEUE, SAGA_WORKFLOW_TYPE } from '@qiyue/engine';

/** What the memo of a saga says. No personal data: ids here are opaque. */
export interface SagaMemo {
  /** Aggregate and type of its command. */
  readonly what: string;
  /** By the machine's clock, Unix ms. */
  readonly sinceMs: number;
  /** Workflow id of the entity that it waits for, and the code of why; absent while nothing holds it up. */
  readonly waits?: { readonly for: string; readonly why: string } | null;
}

/** A saga under way. */
export interface WaitingSaga extends SagaMemo {
  readonly workflowId: string;
  readonly ageMs: number;
}

/** All may be left out. */
export interface WaitingSagasOptions {
  /** By the machine's clock, Unix ms. */
  readonly nowMs?: number;
  readonly max?: number;
  readonly taskQueue?: string;
}

/** The sagas that run, oldest first: in life each ends within a second, so one that is older waits for somebody. By Temporal's visibility, some moments behind. */
export const waitingSagas = async (
  client: Pick<Client, 'workflow'>,
  { nowMs = Date.now(), max = 1_000, taskQueue = SAGA_TASK_QUEUE }: WaitingSagasOptions = {},
): Promise<readonly WaitingSaga[]> => {
  const found: WaitingSaga[] = [];
  const query = `WorkflowType = '${SAGA_WORKFLOW_TYPE}' AND TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, memo, startTime } of client.workflow.list({ query })) {
    const { what = '', sinceMs = startTime.getTime(), waits = null } = (memo ?? {}) as Partial<SagaMemo>;
    found.push({ workflowId, what, sinceMs, waits, ageMs: nowMs - sinceMs });
    if (found.length >= max) break;
  }
  return found.sort((a, b) => b.ageMs - a.ageMs);
};
