import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

/**
 * Run by the build: bundles the workflows once, beside the compiled worker; those that the worker runs, and those that replay histories. Only the
 * latter export `interceptors`.
 */
const bundle = async (workflowsPath: string, name: string): Promise<void> => {
  const { code } = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules: [workflowsPath] });
  await writeFile(join(__dirname, name), code);
};

void Promise.all([bundle(require.resolve('./workflows'), 'workflow-bundle.js'), bundle(require.resolve('./replayed'), 'replay-bundle.js')]);
