/**
 * `node infra/docs/figures.mjs [--check]`: writes what `qiyue bench --json` has found into the READMEs and what the
 * campaigns have found into the page of long runs, or says which of them is out of step. Without a file of figures the
 * tables name what is measured and hold no numbers.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fill } from './regions.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const FIGURES = join(ROOT, 'test/bench/figures/bench.json');
const CAMPAIGNS = join(ROOT, 'test/campaign/figures');
const PAGES = ['README.md', 'README.zh-CN.md', 'infra/docs/long-runs.md'];
const NAMES = [
  'commands@1',
  'commands@10',
  'commands@50',
  'drained@1',
  'drained@10',
  'drained@50',
  'through@10',
  'visible',
  'visible@acknowledged',
  'projection',
  'ledger',
];
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

const table = (rows) => {
  const names = Object.keys(rows[0] ?? {});
  return [line(names), line(names.map(() => '---')), ...rows.map((cells) => line(names.map((name) => cells[name] ?? '–')))];
};

const shown = (value) => {
  if (Array.isArray(value)) return String(value.length);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${one}`)
    .join(' / ');
};
const conditionsOf = ({ soundness, ...others }) =>
  [...Object.entries(others), ...Object.entries(soundness ?? {})].map(([name, value]) => `${name} ${shown(value)}`).join(', ');

const campaignSection = ({ campaign, command, date, sound, conditions, rows, machine }) =>
  [
    `### ${campaign}`,
    '',
    `\`${command}\`, ${date.slice(0, 10)}, ${machine.cores} × ${machine.processor}: **${sound ? 'sound' : 'NOT SOUND'}**. ${conditionsOf(conditions)}.`,
    '',
    ...table(rows),
  ].join('\n');

const campaigns = existsSync(CAMPAIGNS) ? readdirSync(CAMPAIGNS).filter((name) => name.endsWith('.json')) : [];
const campaignSections = () =>
  campaigns
    .sort()
    .map((name) => campaignSection(JSON.parse(readFileSync(join(CAMPAIGNS, name), 'utf8'))))
    .join('\n\n');

const figures = existsSync(FIGURES) ? JSON.parse(readFileSync(FIGURES, 'utf8')) : null;
for (const name of PAGES) {
  const path = join(ROOT, name);
  const before = readFileSync(path, 'utf8');
  const after = fill(before, { figures: figuresTable(figures), campaigns: campaignSections });
  if (after === before) continue;
  if (!process.argv.includes('--check')) writeFileSync(path, after);
  else {
    console.error(`${name} is out of step with the figures: run \`node infra/docs/figures.mjs\``);
    process.exitCode = 1;
  }
}
