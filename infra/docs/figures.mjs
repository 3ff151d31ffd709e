/**
 * `node infra/docs/figures.mjs [--check]`: writes what `qiyue bench --json` has found into the READMEs, or says which of
 * them is out of step. Without the file of figures the tables name what is measured and hold no numbers.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fill } from './regions.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const FIGURES = join(ROOT, 'test/bench/figures/bench.json');
const READMES = ['README.md', 'README.zh-CN.md'];
const NAMES = ['commands@1', 'commands@10', 'commands@50', 'drained@1', 'drained@10', 'drained@50', 'visible', 'projection', 'ledger'];
const HEADS = {
  en: ['name', 'unit', 'Qiyue', 'bound', 'ratio', 'p50 ms', 'p99 ms', "bound's p50 ms", "bound's p99 ms"],
  zh: ['名称', '单位', '契约', '参照', '比值', 'p50 毫秒', 'p99 毫秒', '参照 p50 毫秒', '参照 p99 毫秒'],
};
const FIELDS = ['unit', 'ours', 'bound', 'ratio', 'p50Ms', 'p99Ms', 'boundP50Ms', 'boundP99Ms'];

const line = (cells) => `| ${cells.join(' | ')} |`;
const row = (result) => line([result.name, ...FIELDS.map((field) => result[field] ?? '–')]);

const where = ({ machine, versions, persistence }) =>
  `${persistence}. ${machine.cores} × ${machine.processor}, ${machine.memoryGiB} GiB, ${machine.platform}; Node ${versions.node}.`;

/** `figures`: what `qiyue bench --json` printed, or null. */
const figuresTable = (figures) => (language) => {
  const rows = (figures?.results ?? NAMES.map((name) => ({ name }))).map(row);
  const text = [line(HEADS[language]), line(HEADS[language].map(() => '---')), ...rows];
  return [...text, ...(figures === null ? [] : ['', where(figures)])].join('\n');
};

const figures = existsSync(FIGURES) ? JSON.parse(readFileSync(FIGURES, 'utf8')) : null;
for (const name of READMES) {
  const path = join(ROOT, name);
  const before = readFileSync(path, 'utf8');
  const after = fill(before, { figures: figuresTable(figures) });
  if (after === before) continue;
  if (!process.argv.includes('--check')) writeFileSync(path, after);
  else {
    console.error(`${name} is out of step with ${FIGURES}: run \`node infra/docs/figures.mjs\``);
    process.exitCode = 1;
  }
}
