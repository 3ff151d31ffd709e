import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export type WorkflowBundleName = 'workflow-bundle.js' | 'replay-bundle.js';

const OUTPUT_BYTES_MAX = 10_000_000;

/**
 * The code that workflows run or replay in. `folder`: of the compiled worker. As the build has bundled it there, so that a start need not; or, where
 * there are aggregates that the build did not know, bundled now by the same program, which takes some seconds and the memory of a process of its own.
 */
export const workflowCode = async (folder: string, name: WorkflowBundleName, { isAsBuilt }: { readonly isAsBuilt: boolean }): Promise<string> => {
  if (isAsBuilt) return read(join(folder, name));
  const made = await mkdtemp(join(tmpdir(), 'qiyue-workflows-'));
  try {
    await promisify(execFile)(process.execPath, [join(folder, 'bundle.js'), made, name], { maxBuffer: OUTPUT_BYTES_MAX });
    return await read(join(made, name));
  } finally {
    await rm(made, { recursive: true, force: true });
  }
};

const read = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new Error('the workflows are not bundled: run `npm run build`');
  }
};
