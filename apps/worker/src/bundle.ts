import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

/** Run by the build: bundles the workflows once, beside the compiled worker. */
const bundle = async (): Promise<void> => {
  const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('./workflows') });
  await writeFile(join(__dirname, 'workflow-bundle.js'), code);
};

void bundle();
