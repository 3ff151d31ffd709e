import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import type { KnownOutcome, LedgerSide, RunToJudge } from '@qiyue/audit';

const folderOf = (aggregate: string): string => resolve(__dirname, '../../workflows', aggregate, 'histories');
export const HISTORIES = folderOf('need');

const filesIn = (aggregate: string): readonly string[] => (existsSync(folderOf(aggregate)) ? readdirSync(folderOf(aggregate)) : []);

/** Names of the recorded histories of a kind: `<life>.v<shell>` for needs, `<life>.rules-<rules>` for others. */
export const recordingsIn = (aggregate: string): readonly string[] =>
  filesIn(aggregate)
    .filter((file) => /\.(v|rules-)\d+\.json$/.test(file))
    .map((file) => file.replace(/\.json$/, ''))
    .sort();
export const RECORDINGS = recordingsIn('need');

/** Versions of a kind's rules of which there is a history, or a golden file. */
export const rulesRecordedIn = (aggregate: string): readonly number[] => {
  const versions = filesIn(aggregate).flatMap((file) => /rules-(\d+)(\.golden)?\.json$/.exec(file)?.[1] ?? []);
  return [...new Set(versions.map(Number))].sort((a, b) => a - b);
};

const historyIn = (aggregate: string, name: string): object => JSON.parse(readFileSync(join(folderOf(aggregate), `${name}.json`), 'utf8')) as object;
export const historyOf = (name: string): object => historyIn('need', name);

/** With what the ledger held; the first recordings have only themselves. */
export const recordingIn = (aggregate: string, name: string, workflowType: string): RunToJudge => {
  const history = historyFromJSON(historyIn(aggregate, name));
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  if (started?.workflowType) started.workflowType.name = workflowType;
  return { entity: name, workflowId: `${aggregate}-${name}`, history, ledger: ledgerOf(join(folderOf(aggregate), `${name}.records.json`)) };
};
export const recordingOf = (name: string, workflowType: string): RunToJudge => recordingIn('need', name, workflowType);

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
