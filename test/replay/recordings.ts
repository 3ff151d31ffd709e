import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import type { KnownOutcome, LedgerSide, RunToJudge } from '@qiyue/audit';

export const HISTORIES = resolve(__dirname, '../../workflows/need/histories');

/** Names of the recorded histories: `<life>.<version>`. */
export const RECORDINGS: readonly string[] = readdirSync(HISTORIES)
  .filter((file) => /\.v\d+\.json$/.test(file))
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

export const historyOf = (name: string): object => JSON.parse(readFileSync(join(HISTORIES, `${name}.json`), 'utf8')) as object;

/** With what the ledger held; the first recordings have only themselves. */
export const recordingOf = (name: string, workflowType: string): RunToJudge => {
  const history = historyFromJSON(historyOf(name));
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  if (started?.workflowType) started.workflowType.name = workflowType;
  return { entity: name, workflowId: `need-${name}`, history, ledger: ledgerOf(join(HISTORIES, `${name}.records.json`)) };
};

/**
 * Needs that were open under the last release without rules versions, as its processes left them when they were killed: recorded by
 * `npm run campaign -- upgrade --from 9a66c05 --keep FOLDER`. A merge that is whole, on its target, in its first run and in one that was continued as new; and
 * both sides of one that is half done.
 */
export const BEFORE_RULES = ['adopted', 'adopted-continued', 'half-merged-source', 'half-merged-target'].map((name) => `before-rules/${name}`);

const ledgerOf = (file: string): LedgerSide => {
  if (!existsSync(file)) return { records: [], outcomes: new Map() };
  const { records, outcomes } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly records: LedgerSide['records'];
    readonly outcomes: Readonly<Record<string, KnownOutcome>>;
  };
  return { records, outcomes: new Map(Object.entries(outcomes)) };
};
