import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { silentLog } from '../base/stack-log';
import { readStackFile } from '../base/stack-file';
import { down } from '../supervisor/down';
import type { AppSpec, SuperviseOptions } from '../supervisor/supervise';

// These tests start servers themselves, also where the run around them has named running ones to its other tests.
for (const name of ['QIYUE_TEMPORAL_ADDRESS', 'QIYUE_KAFKA_BROKERS', 'QIYUE_MONGODB_URI', 'QIYUE_MONGODB_DATABASE']) delete process.env[name];

const REPOSITORY = resolve(__dirname, '../../../..');

/** A stand-in for one of our processes: writes down its environment, its start and its end, and gives a sign of life. */
const APP = `
const { appendFileSync, writeFileSync } = require('node:fs');
const trace = (word) => appendFileSync(process.env.TRACE, process.env.NAME + ' ' + word + '\\n');
writeFileSync(process.env.TRACE + '.' + process.env.NAME, JSON.stringify(process.env));
trace('started');
process.on('SIGTERM', () => { trace('stopped'); process.exit(0); });
require('node:http').createServer((_, res) => res.end()).listen(Number(process.env.QIYUE_METRICS_PORT ?? 0), '127.0.0.1');
process.send({ ready: true });
setInterval(() => undefined, 60000);
`;

/** A data folder of its own, with processes that do nothing, and a way to be sure that all of it ends. */
export class StackWorld {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'qiyue-stack-'));
  readonly trace = join(this.dataDir, 'trace');

  apps(...names: readonly string[]): AppSpec[] {
    const script = join(this.dataDir, 'app.cjs');
    writeFileSync(script, APP);
    return names.map((name) => ({ name, script, env: { NAME: name, TRACE: this.trace } }));
  }

  options(...names: readonly string[]): SuperviseOptions {
    return { dataDir: this.dataDir, log: silentLog, processes: this.apps(...names) };
  }

  traced(): string[] {
    return readFileSync(this.trace, 'utf8').trim().split('\n');
  }

  environmentOf(name: string): Record<string, string> {
    return JSON.parse(readFileSync(`${this.trace}.${name}`, 'utf8'));
  }

  pids(): number[] {
    const { supervisor, processes } = readStackFile(this.dataDir);
    return [supervisor, ...processes.map(({ identity }) => identity)].filter((identity) => identity !== null).map(({ pid }) => pid);
  }

  async end(): Promise<void> {
    await down({ dataDir: this.dataDir, log: silentLog });
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** The supervisor in the background is the compiled one. */
export const buildStack = (): void => {
  execFileSync(process.execPath, [join(REPOSITORY, 'node_modules/typescript/bin/tsc'), '-b', 'infra/stack'], { cwd: REPOSITORY, stdio: 'inherit' });
};

const emptyFolders: string[] = [];

/** A folder in which no program is found. */
export const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-empty-'));
  emptyFolders.push(folder);
  return folder;
};

export const removeEmptyFolders = (): void => {
  for (const folder of emptyFolders.splice(0)) rmSync(folder, { recursive: true, force: true });
};

/** SIGKILL to a process that has to be there: without a pid it would go to this test's own process group. */
export const killNow = (pid: number | null | undefined): void => {
  if (typeof pid !== 'number' || pid <= 1) throw new Error('there is no process to kill');
  process.kill(pid, 'SIGKILL');
};
