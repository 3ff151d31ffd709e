import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@qiyue/testkit';

const QIYUE = resolve(__dirname, '../../apps/cli/bin/qiyue.mjs');
const BOUND_MS = 180_000;
const BY_SIGINT = 130;

describe('Ctrl-C in a demo', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-stopped-'));
    env = { ...process.env, QIYUE_DATA_DIR: folder };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const statusOf = async () =>
    JSON.parse((await promisify(execFile)(process.execPath, [QIYUE, 'status', '--json'], { env })).stdout) as {
      readonly state: string;
      readonly processes: readonly { readonly pid: number | null }[];
    };
  const lives = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it(
    'stops all that it has started',
    async () => {
      const demo = spawn(process.execPath, [QIYUE, 'demo', '--lang', 'en'], { env, stdio: 'ignore' });
      const ended = once(demo, 'exit');
      const up = await eventually(
        'the stack of the demo',
        async () => {
          const status = await statusOf();
          return status.state === 'up' && status;
        },
        BOUND_MS,
      );
      const pids = up.processes.flatMap(({ pid }) => pid ?? []);
      expect(pids.filter(lives)).toEqual(pids);
      demo.kill('SIGINT');
      expect(await ended).toEqual([BY_SIGINT, null]);
      expect(pids.filter(lives)).toEqual([]);
      expect((await statusOf()).state).toBe('down');
    },
    2 * BOUND_MS,
  );
});
