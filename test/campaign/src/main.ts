import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { away } from './away';
import { fault, VICTIMS } from './faults';
import { load } from './load';
import { System } from './system';

const FIGURES = resolve(__dirname, '../figures');

type Row = Readonly<Record<string, unknown>>;

const CAMPAIGNS: Readonly<Record<string, (system: System, say: (row: Row) => void) => Promise<readonly Row[]>>> = {
  faults: async (system, say) => {
    const rows: Row[] = [];
    for (const victim of VICTIMS) {
      const row = { ...(await fault(system, victim, 35, 8)) };
      rows.push(row);
      say(row);
    }
    return rows;
  },
  away: async (system, say) => {
    const rows: Row[] = [];
    for (const name of ['kafka', 'mongodb'] as const) {
      const row = { ...(await away(system, name, 60_000, 30)) };
      rows.push(row);
      say(row);
    }
    return rows;
  },
  load: async (system, say) => {
    const row = { ...(await load(system, 1_000, 20)) };
    say(row);
    return [row];
  },
};

const main = async (): Promise<number> => {
  const [name = '', ...flags] = process.argv.slice(2);
  const campaign = CAMPAIGNS[name];
  if (campaign === undefined) {
    process.stderr.write(`usage: npm run campaign -- ${Object.keys(CAMPAIGNS).join('|')} [--json] [--out FILE]\n`);
    return 1;
  }
  const json = flags.includes('--json');
  const out = flags.includes('--out') ? resolve(flags[flags.indexOf('--out') + 1] ?? '') : join(FIGURES, `${name}.json`);
  const system = await System.start();
  try {
    const rows = await campaign(system, (row) => process.stderr.write(`${JSON.stringify(row)}\n`));
    const machine = {
      cores: cpus().length,
      processor: cpus()[0]?.model ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    };
    const report = { campaign: name, command: `npm run campaign -- ${name}`, at: new Date().toISOString(), machine, rows };
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${rows.length} rows in ${out}\n`);
    return rows.every(({ clean }) => clean !== false) ? 0 : 1;
  } finally {
    await system.stop();
  }
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
