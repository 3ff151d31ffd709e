import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { requireNode, step } from './step.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SOURCES = ['libs', 'apps', 'workflows', 'infra/stack', 'infra/build', 'test', 'tsconfig.base.json', 'package-lock.json'];
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.nx']);
const BUILT_FROM = /(?<!\.spec)\.(ts|tsx|json|mjs|html|css)$/;
const CACHE = join(ROOT, 'node_modules/.cache/qiyue');
const STAMP = join(CACHE, 'build-stamp');
const LOCK = join(CACHE, 'build-lock');
/** Run after the compiler where it exists: bundles the workflows' code once, instead of at every worker's start. */
const BUNDLER = join(ROOT, 'apps/worker/dist/bundle.js');

const filesUnder = (path) => {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const full = join(path, entry.name);
    return entry.isDirectory() ? filesUnder(full) : BUILT_FROM.test(entry.name) ? [full] : [];
  });
};

/** Names, sizes and times of all that is built from: reading the contents would make every command wait. */
const fingerprint = () => {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesUnder(join(ROOT, source))).sort()) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
};

const isFresh = () => {
  const { references } = JSON.parse(readFileSync(join(ROOT, 'infra/build/tsconfig.json'), 'utf8'));
  if (!references.every(({ path }) => existsSync(join(ROOT, 'infra/build', path, 'dist')))) return false;
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
};

const lives = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const tryLock = () => {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = existsSync(LOCK) ? Number(readFileSync(LOCK, 'utf8')) : 0;
    // An empty lock is one that is being written.
    if (owner > 0 && !lives(owner)) rmSync(LOCK, { force: true });
    return false;
  }
};

const build = async () => {
  const before = fingerprint();
  await step('building', process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b', 'infra/build'], ROOT);
  if (existsSync(BUNDLER)) await step('bundling the workflows', process.execPath, [BUNDLER], ROOT);
  writeFileSync(`${STAMP}.new`, before);
  renameSync(`${STAMP}.new`, STAMP);
};

/** Builds when something has changed since the last good build; two that ask at once build once. Ends the process when it fails. */
export const ensureBuilt = async ({ force = false } = {}) => {
  if (!force && isFresh()) return;
  mkdirSync(CACHE, { recursive: true });
  while (!tryLock()) await delay(200);
  const release = () => rmSync(LOCK, { force: true });
  process.once('exit', release);
  if (force || !isFresh()) await build();
  process.off('exit', release);
  release();
};

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  requireNode();
  await ensureBuilt({ force: true });
}
