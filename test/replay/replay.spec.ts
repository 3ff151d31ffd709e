import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { bundleOf } from '@qiyue/testkit';

const HISTORIES = resolve(__dirname, '../../workflows/need/histories');
const FILES = readdirSync(HISTORIES).filter((file) => file.endsWith('.json'));

const replay = (workflowBundle: WorkflowBundleOption, file: string): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle }, JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')) as object, 'need-replayed');

describe('recorded histories', () => {
  let today: WorkflowBundleOption;
  let changed: WorkflowBundleOption;
  beforeAll(async () => {
    today = await bundleOf(require.resolve('@qiyue/workflows-need'));
    changed = await bundleOf(require.resolve('./changed-workflow'));
  }, 60_000);

  it('are there, one for each way through the shell', () => {
    expect(FILES.map((file) => file.replace(/\.v\d+\.json$/, '')).sort()).toEqual(['continued-as-new', 'done-again', 'late', 'withdrawn']);
  });

  it.each(FILES)('%s replays on the code of today', async (file) => {
    await replay(today, file);
  });

  it.each(FILES)('%s makes an incompatible change show', async (file) => {
    await expect(replay(changed, file)).rejects.toThrow();
  });
});
