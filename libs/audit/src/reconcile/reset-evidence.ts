import { nullWhenNotFound } from '@qiyue/engine-runtime';
import type { Client } from '@temporalio/client';
import { knownRunOf } from '../upgrade/known-run';
import type { History } from './history-replay';

/** `WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW` of Temporal's API: somebody set the run back. */
const RESET_WORKFLOW = 20;
/** A run that was set back may have gone on in further ones before. */
const RUNS_MAX = 100;

/** The runs that this one was set back from; none when nobody set it back. */
const baseRunsOf = ({ events }: History): readonly string[] =>
  (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
    failed?.cause === RESET_WORKFLOW && failed.baseRunId ? [failed.baseRunId] : [],
  );

export const wasReset = ({ events }: History): boolean =>
  (events ?? []).some(({ workflowTaskFailedEventAttributes: failed }) => failed?.cause === RESET_WORKFLOW);

/**
 * What a workflow had made before somebody set it back: hashes by seq, out of the histories that Temporal keeps of the runs before. Empty when nobody set
 * it back: then a ledger that holds more than the workflow made has it from somewhere else.
 */
export const madeBeforeReset = async (client: Client, workflowId: string, history: History): Promise<ReadonlyMap<number, string>> => {
  const made = new Map<number, string>();
  for (const base of baseRunsOf(history)) {
    let runId: string | null = base;
    for (let runs = 0; runId !== null && runs < RUNS_MAX; runs += 1) {
      const before: History | null = await historyOf(client, workflowId, runId);
      if (before === null) break;
      for (const [seq, hash] of hashesIn(before)) made.set(seq, hash);
      runId = nextRunOf(before);
    }
  }
  return made;
};

/** Of the records that a run made, by the answers that it gave and the flushes that were taken. */
export const hashesIn = (history: History): ReadonlyMap<number, string> => knownRunOf({ records: [], outcomes: new Map() }, history).hashes;

const nextRunOf = ({ events }: History): string | null => events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? null;

const historyOf = (client: Client, workflowId: string, runId: string): Promise<History | null> =>
  nullWhenNotFound(() => client.workflow.getHandle(workflowId, runId).fetchHistory());
