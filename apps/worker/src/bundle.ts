import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { workflowEntryOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';

/**
 * Run by the build: bundles the workflows once, beside the compiled worker; those that the worker runs, and those that replay histories. Only the
 * latter export `interceptors`.
 */
const bundle = async (source: string, name: string): Promise<void> => {
  const workflowsPath = join(__dirname, `entry-of-${name}`); // among our modules, from where the bundler finds Temporal's
  await writeFile(workflowsPath, source);
  const { code } = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules: [workflowsPath] });
  await writeFile(join(__dirname, name), code);
};

const engine = require.resolve('@qiyue/engine-workflow');
const beside = [require.resolve('./workflows')];

void Promise.all([
  bundle(workflowEntryOf(AGGREGATES, { engine, beside }), 'workflow-bundle.js'),
  bundle(workflowEntryOf(AGGREGATES, { engine, isObserved: true }), 'replay-bundle.js'),
]);
