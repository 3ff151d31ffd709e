import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { bundleOf } from '@qiyue/testkit';
import { stoppedByNobody, type History } from './stopped-by-nobody';

jest.setTimeout(120_000); // a replay takes what the machine lets it

const HISTORIES = resolve(__dirname, '../../workflows/saga/histories');
const RECORDINGS = readdirSync(HISTORIES)
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

const replay = (workflowBundle: WorkflowBundleOption, name: string): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle }, JSON.parse(readFileSync(join(HISTORIES, `${name}.json`), 'utf8')) as object, 'saga-replayed');

describe('recorded histories of sagas', () => {
  let today: WorkflowBundleOption;
  let changed: WorkflowBundleOption;
  beforeAll(async () => {
    today = await bundleOf(require.resolve('@qiyue/workflows-saga'));
    changed = await bundleOf(require.resolve('./changed-saga'));
  }, 120_000);

  it('are there, one for each end and one that waited', () => {
    const lives = ['accepted', 'stopped', 'taken-back', 'waited'];
    expect([...new Set(RECORDINGS.map((name) => name.replace(/\.v\d+$/, '')))]).toEqual(lives);
  });

  it.each(RECORDINGS)('%s replays on the code of today', async (file) => {
    await replay(today, file);
  });

  it('one that took a step back before its refusal was on record, as it was once done, replays too', async () => {
    const before = stoppedByNobody(JSON.parse(readFileSync(join(HISTORIES, 'stopped.v1.json'), 'utf8')) as History);
    await Worker.runReplayHistory({ workflowBundle: today }, before, 'saga-replayed');
    await expect(Worker.runReplayHistory({ workflowBundle: changed }, before, 'saga-replayed')).rejects.toThrow();
  });

  it.each(RECORDINGS)('%s makes an incompatible change show', async (file) => {
    await expect(replay(changed, file)).rejects.toThrow();
  });
});
