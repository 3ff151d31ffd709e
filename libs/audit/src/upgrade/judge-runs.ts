import type { AnyDecider } from '@qiyue/engine';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { replayRuns, type ReplayedRun, type RunHistory } from '../reconcile/history-replay';
import { firstDifference, stateDifference, type Difference } from './first-difference';
import { knownRunOf, type LedgerSide } from './known-run';

/** A run's history, and what the ledger held before that was read. */
export interface RunToJudge extends RunHistory {
  readonly entity: string;
  readonly ledger: LedgerSide;
}

/** `stuck`: the history does not fit the code, and nothing differed before that. */
export type Verdict =
  | { readonly kind: 'same'; readonly entity: string }
  | ({ readonly kind: 'diverged'; readonly entity: string } & Difference)
  | { readonly kind: 'stuck'; readonly entity: string; readonly why: string };

/** Whether the code in `bundle`, and the decider that is in it, comes to what the code that ran came to. One verdict for each run, one run at a time. */
export async function* judgeRuns(
  bundle: WorkflowBundleOption,
  decider: AnyDecider,
  runs: Iterable<RunToJudge> | AsyncIterable<RunToJudge>,
): AsyncGenerator<Verdict> {
  for await (const { run, replayed } of replayRuns(bundle, runs)) yield verdictOn(run, replayed, decider);
}

const verdictOn = ({ entity, ledger, history }: RunToJudge, replayed: ReplayedRun, decider: AnyDecider): Verdict => {
  const difference = firstDifference(replayed, knownRunOf(ledger, history));
  if (difference !== null) return { kind: 'diverged', entity, ...difference };
  if (replayed.why !== null) return { kind: 'stuck', entity, why: replayed.why };
  const folded = folding(() => stateDifference(decider, ledger, replayed.last));
  if (typeof folded === 'string') return { kind: 'stuck', entity, why: folded };
  return folded === null ? { kind: 'same', entity } : { kind: 'diverged', entity, ...folded };
};

/** The name of what a fold by today's code throws: what cannot be read from the ledger cannot be rebuilt, nor started again. */
const folding = (fold: () => Difference | null): Difference | null | string => {
  try {
    return fold();
  } catch (error) {
    return error instanceof Error ? error.name : typeof error;
  }
};
