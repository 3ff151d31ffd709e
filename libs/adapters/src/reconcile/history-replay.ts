import type { Worker, WorkflowBundleOption } from '@temporalio/worker';
import type { EntityCarry } from '@qiyue/engine';

type History = Parameters<typeof Worker.runReplayHistory>[1];

/** What an entity was at the end of a history; `carry` is null when its run never did anything. */
export type Replayed =
  | { readonly ok: true; readonly carry: EntityCarry<unknown> | null }
  /** The history was made by other code, or is damaged. */
  | { readonly ok: false; readonly why: string };

/**
 * Runs a run's history through the workflow's own code, and so through the decider, and gives what the entity was in the end, with
 * what nobody had confirmed. `bundle` holds the workflows as `observedWorkflow` makes them.
 */
export const replayHistory = async (bundle: WorkflowBundleOption, history: History, workflowId: string): Promise<Replayed> => {
  let carry: EntityCarry<unknown> | null = null;
  const sinks = {
    replay: {
      entity: {
        fn: (_info: unknown, at: EntityCarry<unknown>) => void (carry = at),
        callDuringReplay: true,
      },
    },
  };
  const { Worker: Replayer } = await import('@temporalio/worker'); // here: no other process but the worker's needs its native code
  try {
    await Replayer.runReplayHistory({ workflowBundle: bundle, sinks }, history, workflowId);
    return { ok: true, carry };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.name : typeof error };
  }
};
