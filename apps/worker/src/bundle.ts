import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { workflowEntryOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';

const engine = require.resolve('@qiyue/engine-workflow');
/** What the worker runs, and what histories are replayed with. Only the latter exports `interceptors`. */
const ENTRIES: Readonly<Record<string, string>> = {
  'workflow-bundle.js': workflowEntryOf(AGGREGATES, { engine, beside: [require.resolve('./workflows')] }),
  'replay-bundle.js': workflowEntryOf(AGGREGATES, { engine, isObserved: true }),
};
/** Where Temporal's own modules are found, also from an entry that lies elsewhere. */
const MODULES = dirname(dirname(dirname(require.resolve('@temporalio/worker/package.json'))));

const bundle = async (name: string, source: string, folder: string): Promise<void> => {
  const scratch = await mkdtemp(join(tmpdir(), 'qiyue-bundle-'));
  try {
    const workflowsPath = join(scratch, 'entry.js');
    await writeFile(workflowsPath, source);
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      workflowInterceptorModules: [workflowsPath],
      webpackConfigHook: (config) => ({ ...config, resolve: { ...config.resolve, modules: ['node_modules', MODULES] } }),
    });
    await writeFile(join(folder, name), code);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/**
 * `node bundle.js [folder [name]]`: run by the build, beside the compiled worker; and by `workflowCode`, where there are aggregates that the build did
 * not know.
 */
const [, , folder = __dirname, only] = process.argv;
void Promise.all(
  Object.entries(ENTRIES)
    .filter(([name]) => only === undefined || only === name)
    .map(([name, source]) => bundle(name, source, folder)),
);
