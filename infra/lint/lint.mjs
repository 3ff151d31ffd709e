/**
 * `npm run lint [-- --fix]`: ESLint with types, the import boundaries, the formatting. Prints what is wrong and one
 * summary; exit code 1 when anything is.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkBoundaries } from './check-boundaries.mjs';
import { sourcesIn } from './sources.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '../..');
const FIX = process.argv.includes('--fix');

const binOf = (name) => {
  const folder = join(ROOT, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
};

const run = (name, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [binOf(name), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString('utf8').trim() }));
  });

const eslint = () =>
  run('eslint', ['--config', join(HERE, 'eslint.config.mjs'), '--max-warnings', '0', ...(FIX ? ['--fix'] : []), ...sourcesIn(ROOT)]);

const prettier = () => run('prettier', [FIX ? '--write' : '--check', '--log-level', 'warn', '.']);

const boundaries = async () => {
  const { violations } = await checkBoundaries(ROOT);
  return { ok: violations.length === 0, output: violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`).join('\n') };
};

const timed = async (name, check) => {
  const startedMs = Date.now();
  const { ok, output } = await check().catch((error) => ({ ok: false, output: String(error?.stack ?? error) }));
  return { name, ok, output, seconds: (Date.now() - startedMs) / 1000 };
};

// Fixing one after the other: both write the same files.
const steps = [() => timed('eslint', eslint), () => timed('boundaries', boundaries), () => timed('prettier', prettier)];
const results = [];
if (FIX) for (const step of steps) results.push(await step());
else results.push(...(await Promise.all(steps.map((step) => step()))));

for (const { name, ok, output } of results) if (!ok) process.stdout.write(`\n— ${name} —\n${output}\n`);
const summary = results.map(({ name, ok, seconds }) => `${name} ${ok ? 'ok' : 'FAILED'} (${seconds.toFixed(0)} s)`).join(', ');
process.stdout.write(`lint: ${summary}\n`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
