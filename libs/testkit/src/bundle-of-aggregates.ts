import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';
import { workflowEntryOf, type AnyAggregate, type WorkflowModules } from '@qiyue/aggregate';
import { bundleOf } from './bundle';

/** Inside of the repository, from where the bundler finds Temporal's own modules. */
const ENTRIES = resolve(__dirname, '../../../node_modules/.cache/qiyue/entries');

/**
 * The workflows of these aggregates, of the deciders that their definitions name: as the worker has them, and shared like any other bundle. `modules`: what is
 * otherwise, for a replay or with an engine of a test's own.
 */
export const bundleOfAggregates = (aggregates: readonly AnyAggregate[], modules: Partial<WorkflowModules> = {}): Promise<WorkflowBundle> => {
  const source = workflowEntryOf(aggregates, { engine: require.resolve('@qiyue/engine-workflow'), ...modules });
  const entry = join(ENTRIES, `${createHash('sha256').update(source).digest('hex').slice(0, 16)}.js`);
  if (!existsSync(entry)) write(entry, source);
  return bundleOf(entry);
};

/** Whole or not at all: two test files may begin at once. */
const write = (path: string, source: string): void => {
  mkdirSync(ENTRIES, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, source);
  renameSync(`${path}.${process.pid}`, path);
};
