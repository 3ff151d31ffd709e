import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { bundleOf } from '@qiyue/testkit';
import { historyOf, RECORDINGS } from './recordings';

jest.setTimeout(120_000); // a replay takes what the machine lets it

const replay = (workflowBundle: WorkflowBundleOption, name: string): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle }, historyOf(name), 'need-replayed');

describe('recorded histories', () => {
  let today: WorkflowBundleOption;
  let changed: WorkflowBundleOption;
  beforeAll(async () => {
    today = await bundleOf(require.resolve('@qiyue/workflows-need'));
    changed = await bundleOf(require.resolve('./changed-workflow'));
  }, 120_000);

  it('are there, one for each way through the shell', () => {
    const lives = ['continued-as-new', 'done-again', 'flushed-between', 'late', 'withdrawn'];
    expect([...new Set(RECORDINGS.map((name) => name.replace(/\.v\d+$/, '')))].sort()).toEqual(lives);
  });

  it.each(RECORDINGS)('%s replays on the code of today', async (file) => {
    await replay(today, file);
  });

  it.each(RECORDINGS)('%s makes an incompatible change show', async (file) => {
    await expect(replay(changed, file)).rejects.toThrow();
  });
});
