import * as wf from '@temporalio/workflow';
import type { RetimeInput, RetimePlace, RetimeProgress } from '@qiyue/civic-contracts';

export interface Batch {
  readonly serial: number;
  readonly walks: RetimePlace['round']['walks'];
  /** What the last batch answered; null for the first. */
  readonly after: string | null;
  /** By the machine's clock, ISO 8601. */
  readonly importedAt: string;
  /** Needs that were asked before that and answered were counted in an earlier round, ms since 1970. */
  readonly countedBeforeMs: number;
  /** But for these, which had not answered when their round ended. */
  readonly failedBefore?: readonly string[];
}
export interface BatchResult {
  /** Where the next batch begins; null when nothing is left. */
  readonly after: string | null;
  readonly done: number;
  readonly moved: number;
  /** Of these, those whose deadline ends earlier than before; left out by a worker of before this was counted. */
  readonly shorter?: number;
  readonly failed: readonly string[];
  /** By the clock of the commands, ms since 1970. */
  readonly endedMs: number;
}

export interface RetimeActivities {
  /** How many needs are open. */
  begin(serial: number): Promise<number>;
  /** Brings the current tables to the next needs. Done twice it does nothing twice. */
  retimeBatch(batch: Batch): Promise<BatchResult>;
}

const BATCHES_PER_RUN = 50;
const FAILED_SHOWN_MAX = 100;
const ROUNDS_AGAIN_MAX = 3;
/** How long a process may hold tables after others became current, and a submit with them may be under way. */
const TABLES_SETTLE = '15 seconds';
/** Longer than a command of the run before this one may be under way. */
const OTHERS_SETTLE = '25 seconds';
const BEFORE_AGAIN = '15 seconds';

const { begin, retimeBatch } = wf.proxyActivities<RetimeActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/**
 * Brings another calendar or policy to every open need. Each need gets one command whose id names the need and the serial,
 * so that what is done twice after a crash happens once.
 */
export const retime = async ({ serial, importedAt, isReplacing = false, at }: RetimeInput): Promise<RetimeProgress> => {
  let place = at ?? beginning(serial);
  tell(place.progress);
  if (at === undefined) {
    if (isReplacing) await wf.sleep(OTHERS_SETTLE, { summary: 'until the run before has let go' });
    place = { ...place, progress: { ...place.progress, total: await begin(serial) } };
    tell(place.progress);
  }
  for (let batches = 0; ; batches += 1) {
    if (batches === BATCHES_PER_RUN) await wf.continueAsNew<typeof retime>({ serial, importedAt, at: place });
    const { round, after } = place;
    const { walks, countedBeforeMs, failedBefore = [] } = round;
    const result = await retimeBatch({ serial, importedAt, walks, after, countedBeforeMs, failedBefore });
    place = { ...place, after: result.after, progress: plus(place.progress, result) };
    tell(place.progress);
    if (result.after !== null) continue;
    const next = nextRound(place);
    if (next === null) break;
    await wf.sleep(next.walks === 'born' ? TABLES_SETTLE : BEFORE_AGAIN, { summary: `before round ${next.number}` });
    const progress = next.walks === 'born' ? place.progress : { ...place.progress, unanswered: 0, failed: [] };
    place = { ...place, progress, round: { ...next, countedBeforeMs: result.endedMs, failedBefore: place.progress.failed } };
  }
  const finished: RetimeProgress = { ...place.progress, state: 'finished' };
  tell(finished);
  return finished;
};

/** In the memo, where whoever watches reads it without a task of this workflow: a fast stream of queries can starve it. */
const tell = (progress: RetimeProgress): void => wf.upsertMemo({ progress });

const beginning = (serial: number): RetimePlace => ({
  round: { walks: 'open', number: 1, countedBeforeMs: 0 },
  after: null,
  progress: { serial, total: 0, done: 0, moved: 0, unchanged: 0, unanswered: 0, failed: [], state: 'running' },
});

/** Those that were born beside the import come second; whoever failed is asked again a few times. */
const nextRound = ({
  round: { number },
  progress: { unanswered },
}: RetimePlace): Omit<RetimePlace['round'], 'countedBeforeMs' | 'failedBefore'> | null => {
  if (number === 1) return { walks: 'born', number: 2 };
  return unanswered > 0 && number < 2 + ROUNDS_AGAIN_MAX ? { walks: 'open', number: number + 1 } : null;
};

const plus = (progress: RetimeProgress, { done, moved, shorter = 0, failed }: BatchResult): RetimeProgress => {
  const added = { done: progress.done + done, moved: progress.moved + moved, unanswered: progress.unanswered + failed.length };
  return {
    ...progress,
    ...added,
    total: Math.max(progress.total, added.done + added.unanswered),
    shorter: (progress.shorter ?? 0) + shorter,
    unchanged: added.done - added.moved,
    failed: [...progress.failed, ...failed].slice(0, FAILED_SHOWN_MAX),
  };
};
