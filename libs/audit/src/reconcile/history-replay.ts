import type { WorkflowHandle } from '@temporalio/client';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { EntityCarry, OutboxEntry } from '@qiyue/engine';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

export interface RunHistory {
  readonly workflowId: string;
  readonly history: History;
}

/** A timer that a replayed run set for a deadline: what `@qiyue/engine-workflow` hands out. */
export interface ReplayedDeadline {
  readonly id: string;
  readonly ms: number;
  readonly type: string;
  readonly seq: number;
}

/** What the workflow's code does with a run's history, up to where it does not fit any more. */
export interface ReplayedRun {
  /** What it was born with, and what it was in the end; null when the run never did anything. */
  readonly first: EntityCarry<unknown> | null;
  readonly last: EntityCarry<unknown> | null;
  /** Every command and timer that it handled, in order. */
  readonly handled: readonly OutboxEntry[];
  readonly deadlines: readonly ReplayedDeadline[];
  /** Why the history does not fit the code: it was made by other code, or is damaged. Null when it fits. */
  readonly why: string | null;
}

/** What an entity was at the end of a history; `carry` is null when its run never did anything. */
export type Replayed = { readonly ok: true; readonly carry: EntityCarry<unknown> | null } | { readonly ok: false; readonly why: string };

/**
 * Runs histories through the workflow's own code, and so through the decider, one after the other; the next is asked for when the one before is
 * through. `bundle` holds the workflows as `observedWorkflow` makes them.
 */
export async function* replayRuns<R extends RunHistory>(
  bundle: WorkflowBundleOption,
  runs: Iterable<R> | AsyncIterable<R>,
): AsyncGenerator<{ readonly run: R; readonly replayed: ReplayedRun }> {
  const { Worker: Replayer } = await import('@temporalio/worker'); // here: no other process but the worker's needs its native code
  let now: { readonly run: R; readonly watch: Watch } | null = null;
  const given = async function* (): AsyncGenerator<RunHistory> {
    for await (const run of runs) {
      now = { run, watch: new Watch() };
      yield run;
    }
  };
  const sinks = { replay: sinksInto(() => (now as { readonly watch: Watch } | null)?.watch) };
  for await (const { error } of Replayer.runReplayHistories({ workflowBundle: bundle, sinks }, given())) {
    const { run, watch } = now as unknown as { readonly run: R; readonly watch: Watch };
    yield { run, replayed: watch.seen(error === undefined ? null : nameOf(error)) };
  }
}

/** One history; only what the entity was in the end. */
export const replayHistory = async (bundle: WorkflowBundleOption, history: History, workflowId: string): Promise<Replayed> => {
  for await (const { replayed } of replayRuns(bundle, [{ workflowId, history }]))
    return replayed.why === null ? { ok: true, carry: replayed.last } : { ok: false, why: replayed.why };
  return { ok: false, why: 'NotReplayed' };
};

class Watch {
  private first: EntityCarry<unknown> | null = null;
  private last: EntityCarry<unknown> | null = null;
  private readonly handled: OutboxEntry[] = [];
  private readonly deadlines: ReplayedDeadline[] = [];

  entity(carry: EntityCarry<unknown>): void {
    this.first ??= carry;
    this.last = carry;
  }
  entry(entry: OutboxEntry): void {
    this.handled.push(entry);
  }
  deadline(timer: ReplayedDeadline): void {
    this.deadlines.push(timer);
  }
  seen(why: string | null): ReplayedRun {
    const { first, last, handled, deadlines } = this;
    return { first, last, handled, deadlines, why };
  }
}

const sinksInto = (watch: () => Watch | undefined) => ({
  entity: { fn: (_info: unknown, carry: EntityCarry<unknown>) => watch()?.entity(carry), callDuringReplay: true },
  handled: { fn: (_info: unknown, entry: OutboxEntry) => watch()?.entry(entry), callDuringReplay: true },
  deadline: { fn: (_info: unknown, timer: ReplayedDeadline) => watch()?.deadline(timer), callDuringReplay: true },
});

/** What the workflow itself threw says more than that a replay failed. */
const nameOf = (error: Error): string => (error.message.includes('UnknownRules') ? 'UnknownRules' : error.name);
