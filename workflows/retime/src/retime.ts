import * as wf from '@temporalio/workflow';

/** One at a time: a new import takes the place of one that still runs, since each brings what is current then. */
export const RETIME_WORKFLOW_ID = 'retime';

export interface RetimeProgress {
  /** Serial of the tables that are being brought to the needs. */
  readonly serial: number;
  /** Open needs when it began. */
  readonly total: number;
  /** Needs that have answered. */
  readonly done: number;
  /** Those of them whose deadline moved. */
  readonly moved: number;
  /** Needs that did not answer yet, at most a hundred of them by id. */
  readonly failed: readonly string[];
  readonly state: 'running' | 'finished';
}

export interface RetimeInput {
  readonly serial: number;
  /** Time of the import, ISO 8601 with +08:00. */
  readonly importedAt: string;
  /** After continue-as-new: where it was. */
  readonly at?: { readonly after: string | null; readonly round: Round; readonly progress: RetimeProgress };
}

/** `all` open needs, then those that were `born` beside the import, under tables that a process still held. */
type Round = 'all' | 'born';

export interface Batch {
  readonly serial: number;
  /** Needs behind this id, in the order of ids; null for the first. */
  readonly after: string | null;
  /** Only needs that were created since, ISO 8601 with +08:00; null for all. */
  readonly createdSince: string | null;
}
export interface BatchResult {
  /** The last id, or null when nothing was left. */
  readonly after: string | null;
  readonly done: number;
  readonly moved: number;
  readonly failed: readonly string[];
}

export interface RetimeActivities {
  countOpenNeeds(): Promise<number>;
  /** Brings the current tables to the next needs. Given twice it does nothing twice. */
  retimeBatch(batch: Batch): Promise<BatchResult>;
  /** Once more to those that did not answer. */
  retimeNeeds(serial: number, needs: readonly string[]): Promise<BatchResult>;
}

export const RETIME_PROGRESS = wf.defineQuery<RetimeProgress>('progress');

const BATCHES_PER_RUN = 100;
const FAILED_MAX = 100;
/** Longer than a process may hold tables after another version became current. */
const TABLES_SETTLE = '8 seconds';
const RETRY_PAUSE = '15 seconds';
const RETRIES = 3;

const { countOpenNeeds, retimeBatch, retimeNeeds } = wf.proxyActivities<RetimeActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/**
 * Brings another calendar or policy to every open need. Each need gets one command whose id names the need and the serial,
 * so that whatever is done twice after a crash happens once.
 */
export const retime = async ({ serial, importedAt, at }: RetimeInput): Promise<RetimeProgress> => {
  let progress: RetimeProgress = at?.progress ?? { serial, total: 0, done: 0, moved: 0, failed: [], state: 'running' };
  let [after, round]: [string | null, Round] = [at?.after ?? null, at?.round ?? 'all'];
  wf.setHandler(RETIME_PROGRESS, () => progress);
  if (at === undefined) progress = { ...progress, total: await countOpenNeeds() };
  for (let batches = 0; ;) {
    if (batches >= BATCHES_PER_RUN) await wf.continueAsNew<typeof retime>({ serial, importedAt, at: { after, round, progress } });
    const result = await retimeBatch({ serial, after, createdSince: round === 'born' ? importedAt : null });
    batches += 1;
    after = result.after;
    progress = plus(progress, result);
    if (after !== null) continue;
    if (round === 'born') break;
    round = 'born';
    await wf.sleep(TABLES_SETTLE, { summary: 'until every process holds the new tables' });
  }
  progress = { ...(await again(serial, progress)), state: 'finished' };
  return progress;
};

const again = async (serial: number, so: RetimeProgress): Promise<RetimeProgress> => {
  let progress = so;
  for (let tries = 0; tries < RETRIES && progress.failed.length > 0; tries += 1) {
    await wf.sleep(RETRY_PAUSE, { summary: 'before the needs that did not answer' });
    const result = await retimeNeeds(serial, progress.failed);
    progress = plus({ ...progress, failed: [] }, result);
  }
  return progress;
};

const plus = (progress: RetimeProgress, { done, moved, failed }: BatchResult): RetimeProgress => ({
  ...progress,
  done: progress.done + done,
  moved: progress.moved + moved,
  failed: [...new Set([...progress.failed, ...failed])].slice(0, FAILED_MAX),
});
