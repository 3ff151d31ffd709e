import type { Client } from '@temporalio/client';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { TASK_QUEUE, workflowIdOf, workflowTypeOf, type AnyDecider } from '@qiyue/engine';
import { nullWhenNotFound, type LedgerStore } from '@qiyue/engine-runtime';
import type { History } from '../reconcile/history-replay';
import type { Difference } from './first-difference';
import { judgeRuns, type RunToJudge, type Verdict } from './judge-runs';
import { commandsIn, knownOutcomeOf, type KnownOutcome, type LedgerSide } from './known-run';

export interface UpgradeDeps {
  readonly client: Client;
  readonly store: LedgerStore;
  /** The decider of the code at hand. */
  readonly decider: AnyDecider;
  /** The same code's workflows, as `observedWorkflow` makes them. */
  readonly bundle: WorkflowBundleOption;
  readonly taskQueue?: string;
}
export interface UpgradeOptions {
  /** So many entities, spread over all that are open; all of them without. */
  readonly sample?: number;
  readonly onProgress?: (checked: number, of: number) => void;
}

/** What the code at hand would do to the entities that are open. */
export interface UpgradeCheck {
  readonly checked: number;
  readonly same: number;
  readonly diverged: readonly ({ readonly entity: string } & Difference)[];
  readonly stuck: readonly { readonly entity: string; readonly why: string }[];
  /** Without the first, with which the code is loaded; 0 when there was no second. */
  readonly perSecond: number;
  /** How many are open, checked or not. */
  readonly open: number;
}

/**
 * Replays the histories of open entities with the code at hand, and holds what it comes to against what was answered and what the ledger holds.
 *
 * Contract:
 * 1. Changes nothing, and runs beside commands: the ledger is read before the history that it is held against.
 * 2. Of a run that continued another, what it was born with counts as it is: nobody replays the runs before it.
 * 3. One replay at a time, one more history in memory; what is quarantined already is left out, for no code agrees with it.
 */
export const checkUpgrade = async (deps: UpgradeDeps, { sample, onProgress }: UpgradeOptions = {}): Promise<UpgradeCheck> => {
  const query = openOnes(deps);
  const { count: open } = await deps.client.workflow.count(query);
  const of = Math.min(sample ?? open, open);
  const diverged: UpgradeCheck['diverged'][number][] = [];
  const stuck: UpgradeCheck['stuck'][number][] = [];
  let checked = 0;
  let firstMs = 0;
  for await (const verdict of judgeRuns(deps.bundle, deps.decider, oneAhead(runsOf(deps, query, of, open)))) {
    checked += 1;
    if (checked === 1) firstMs = Date.now(); // the code is loaded with it
    const { entity } = verdict;
    if (verdict.kind === 'diverged') diverged.push(withoutKind(verdict));
    if (verdict.kind === 'stuck') stuck.push({ entity, why: verdict.why });
    onProgress?.(checked, of);
  }
  const seconds = (Date.now() - firstMs) / 1_000;
  const perSecond = checked < 2 || seconds === 0 ? 0 : Math.round(((checked - 1) / seconds) * 10) / 10;
  return { checked, same: checked - diverged.length - stuck.length, diverged, stuck, perSecond, open };
};

const withoutKind = ({ kind: _, ...diverged }: Extract<Verdict, { kind: 'diverged' }>): UpgradeCheck['diverged'][number] => diverged;

const openOnes = ({ decider, taskQueue }: UpgradeDeps): string =>
  [`WorkflowType = "${workflowTypeOf(decider.aggregate)}"`, `TaskQueue = "${taskQueue ?? TASK_QUEUE}"`, `ExecutionStatus = "Running"`].join(' AND ');

async function* runsOf(deps: UpgradeDeps, query: string, sample: number, open: number): AsyncGenerator<RunToJudge> {
  const prefix = workflowIdOf(deps.decider.aggregate, '');
  let index = 0;
  for await (const { workflowId } of deps.client.workflow.list({ query })) {
    const isInSample = open <= sample || (index++ * sample) % open < sample; // evenly, oldest to newest
    if (!isInSample || !workflowId.startsWith(prefix)) continue;
    const run = await runOf(deps, workflowId, workflowId.slice(prefix.length));
    if (run !== null) yield run;
  }
}

/** Null for one that is quarantined, or gone by now. */
const runOf = async ({ client, store }: UpgradeDeps, workflowId: string, entity: string): Promise<RunToJudge | null> => {
  if ((await store.forks.findOne({ _id: entity })) !== null) return null;
  const records = await store.stream(entity);
  const history = await nullWhenNotFound(() => client.workflow.getHandle(workflowId).fetchHistory());
  if (history === null) return null;
  return { workflowId, entity, history, ledger: { records, outcomes: await outcomesOf(store, history) } };
};

/** What the ledger's commands hold of those in a history; read behind it, because a row that has an outcome keeps it. */
export const outcomesOf = async (store: Pick<LedgerStore, 'commands'>, history: History): Promise<LedgerSide['outcomes']> => {
  const rows = store.commands.find(
    { _id: { $in: [...commandsIn(history)] }, outcome: { $exists: true } },
    { projection: { fingerprint: 1, outcome: 1, digest: 1 } },
  );
  const outcomes = new Map<string, KnownOutcome>();
  for await (const { _id, outcome, ...row } of rows) if (outcome !== undefined) outcomes.set(_id, knownOutcomeOf({ ...row, outcome }));
  return outcomes;
};

/** Asks for the next while the one before is worked on. */
async function* oneAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next();
  try {
    for (;;) {
      const given = await next;
      if (given.done === true) return;
      next = source.next();
      next.catch(() => undefined); // met at the next turn, if there is one
      yield given.value;
    }
  } finally {
    await source.return(undefined);
  }
}

/** The same over several kinds of entities, one after the other. `sample`: of each. */
export const checkUpgrades = async (
  { deciders, ...deps }: Omit<UpgradeDeps, 'decider'> & { readonly deciders: readonly AnyDecider[] },
  { sample, onProgress }: UpgradeOptions = {},
): Promise<UpgradeCheck> => {
  const found: UpgradeCheck[] = [];
  for (const decider of deciders) {
    const before = found.reduce((sum, { checked }) => sum + checked, 0);
    const shown = onProgress && { onProgress: (checked: number, of: number) => onProgress(before + checked, before + of) };
    found.push(await checkUpgrade({ ...deps, decider }, { ...(sample === undefined ? {} : { sample }), ...shown }));
  }
  const sum = (field: 'checked' | 'same' | 'open'): number => found.reduce((all, one) => all + one[field], 0);
  return {
    ...{ checked: sum('checked'), same: sum('same'), open: sum('open') },
    diverged: found.flatMap(({ diverged }) => diverged),
    stuck: found.flatMap(({ stuck }) => stuck),
    perSecond: Math.max(...found.map(({ perSecond }) => perSecond)),
  };
};
