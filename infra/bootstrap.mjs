// What `npm run demo`, `npm start`, `npm test` and `npm run campaign` start: on a fresh clone it installs and builds, on a
// warm one it costs a fraction of a second. Plain Node without dependencies, because there may be none yet.
import { spawn } from 'node:child_process';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build/build.mjs';
import { requireNode, step } from './build/step.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
/** npm writes both lock files in one go, in either order. */
const SAME_WRITE_MS = 5000;

const isInstalled = () => existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs + SAME_WRITE_MS >= statSync(join(ROOT, 'package-lock.json')).mtimeMs;

const ensureInstalled = async () => {
  if (isInstalled()) return;
  process.stderr.write('installing the dependencies (usually 20 to 90 s) …\n');
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  await step('installing', command, [...args, 'ci', '--no-audit', '--no-fund'], ROOT);
  utimesSync(INSTALLED, new Date(), new Date());
};

/** Stays in front of the command: its signals go on to it, and its end is this process's end. */
const runInstead = (script, args, nodeArgs = []) => {
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], { cwd: ROOT, stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
};

const [task, ...args] = process.argv.slice(2);
if (task === undefined) {
  console.error('usage: node infra/bootstrap.mjs demo|up|test|campaign [arguments]');
  process.exit(1);
}
requireNode();
await ensureInstalled();
await ensureBuilt();
/** Room for what a worker keeps of the files before, until it is replaced: see `workerIdleMemoryLimit`. */
const ROOMY = '--max-old-space-size=8192';
if (task === 'test') runInstead(join(ROOT, 'node_modules/jest/bin/jest.js'), ['-c', 'test/jest.config.cjs', ...args], [ROOMY]);
else runInstead(join(ROOT, 'apps/cli/bin/qiyue.mjs'), [task, ...args]);
