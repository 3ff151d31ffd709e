import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { freshStore, bundleOf } from '@qiyue/testkit';
import { serverEnvironment, startServers, type Servers } from '@qiyue/stack';
import { CommandBench, type Shape, type Sliced } from './commands.bench';
import { fundingBench } from './funding.bench';
import { ledgerBench } from './ledger.bench';
import type { BenchResult } from './measure';
import { projectionBench } from './projection.bench';
import { scoreboardBench } from './scoreboard.bench';
import { suggestionsBench } from './suggestions.bench';
import { throughBench, visibleBench } from './visible.bench';

const ROOT = resolve(__dirname, '../../..');
const json = process.argv.includes('--json');
const quick = process.argv.includes('--quick');
const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');

const ACKNOWLEDGED: readonly Sliced[] = [
  { entities: 1, each: 25, slices: 30 },
  { entities: 10, each: 10, slices: 16 },
  { entities: 50, each: 8, slices: 8 },
];
/** Warms both sides: production processes live long. */
const WARM_UP: Sliced = { entities: 10, each: 20, slices: 8 };
const DRAINED: readonly Shape[] = [
  { entities: 1, each: 60 },
  { entities: 10, each: 20 },
  { entities: 50, each: 10 },
];

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const main = async (): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'qiyue-bench-'));
  const servers = await startServers({ dataDir });
  Object.assign(process.env, serverEnvironment(servers));
  try {
    const results = await measure(servers, quick ? 1 : 3);
    report(results);
  } finally {
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

const wanted = (name: string): boolean => only === undefined || only.includes(name);

const measure = async (servers: Servers, rounds: number): Promise<readonly BenchResult[]> => {
  const results: BenchResult[] = [];
  const add = (result: BenchResult): void => {
    results.push(result);
    say(line(result));
  };
  say(HEAD);
  const addresses = { temporal: servers.temporal.address, kafka: servers.kafkaBrokers, mongodb: servers.mongodbUri };
  const commands = await CommandBench.create(addresses, await bundleOf(require.resolve('./subjects/workflows')));
  try {
    await commands.acknowledged(quick ? shortened(WARM_UP) : WARM_UP);
    if (wanted('commands')) for (const shape of ACKNOWLEDGED) add(await commands.acknowledged(quick ? shortened(shape) : shape));
    if (wanted('drained')) for (const shape of DRAINED) add(await commands.drained(shape, Math.min(rounds, 2)));
    if (wanted('visible')) for (const result of await withReaders(commands, results, servers)) add(result);
  } finally {
    await commands.close();
  }
  if (wanted('funding')) add(await fundingBench(quick ? 2 : 8, 10));
  const { store, drop } = await freshStore();
  try {
    if (wanted('projection')) add(await projectionBench(store, servers.kafkaBrokers.split(','), quick ? 500 : 1_500, rounds));
    if (wanted('scoreboard')) for (const result of await scoreboardBench(store, quick ? 2 : 10)) add(result);
    if (wanted('suggestions')) for (const result of await suggestionsBench(store, quick ? 10_000 : 100_000, quick ? 40 : 200)) add(result);
    if (wanted('ledger')) add(await ledgerBench(store, quick ? 500 : 1_500, rounds));
  } finally {
    await drop();
  }
  return results;
};

const shortened = (shape: Sliced): Sliced => ({ ...shape, slices: Math.ceil(shape.slices / 4) });

/** Commands a second, where the line that says it was not asked for. */
const LOAD_UNKNOWN = 100;

/**
 * Relay and projections as processes of their own, on the bench's database. `through@10`: commands that come to the read model; then commands come at half of that, and
 * at half of what was acknowledged without any reader, which leaves what is behind the answers far less than half. A first run is not counted: the readers have just
 * begun, with all that the lines before have left to them, and in production they live long.
 */
const withReaders = async (commands: CommandBench, results: readonly BenchResult[], servers: Servers): Promise<readonly BenchResult[]> => {
  const env = { ...process.env, QIYUE_MONGODB_DATABASE: commands.bench.db.databaseName, QIYUE_LOG_LEVEL: 'error' };
  const children = ['relay', 'projections'].map((name) =>
    spawn(process.execPath, [join(ROOT, 'apps', name, 'dist/main.js')], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
  );
  try {
    await Promise.all(children.map(ready));
    const brokers = servers.kafkaBrokers.split(',');
    const through = (): Promise<BenchResult> => throughBench(commands.bench, brokers, { name: 'through@10', each: quick ? 20 : 100 });
    const visibleAtHalf = (name: string, whole: number): Promise<readonly BenchResult[]> =>
      visibleBench(commands.bench, brokers, { name, commandsPerSecond: whole / 2, seconds: quick ? 5 : 20 });
    await through(); // the first run
    const whole = await through();
    const acknowledged = results.find(({ name }) => name === 'commands@10')?.ours ?? LOAD_UNKNOWN;
    return [whole, ...(await visibleAtHalf('visible', whole.ours)), ...(await visibleAtHalf('visible@acknowledged', acknowledged))];
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(null)))));
  }
};

const ready = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`bench: a process ended with ${code}`)));
  });

const COLUMNS = [26, 12, 10, 10, 8, 9, 9, 9, 9];
const row = (cells: readonly (string | number | null)[]): string => cells.map((cell, i) => String(cell ?? '–').padStart(COLUMNS[i] ?? 9)).join(' ');
const HEAD = row(['name', 'unit', 'ours', 'bound', 'ratio', 'p50 ms', 'p99 ms', 'b. p50', 'b. p99']);
const line = ({ name, unit, ours, bound, ratio, p50Ms, p99Ms, boundP50Ms, boundP99Ms }: BenchResult): string =>
  row([name, unit, ours, bound, ratio, p50Ms, p99Ms, boundP50Ms, boundP99Ms]);

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { readonly version: string }).version;

const report = (results: readonly BenchResult[]): void => {
  const processor = cpus()[0]?.model ?? 'unknown';
  const machine = { cores: cpus().length, processor, memoryGiB: Math.round(totalmem() / 2 ** 30), platform: `${process.platform} ${process.arch}` };
  const versions = {
    node: process.version,
    temporalClient: versionOf('@temporalio/client'),
    kafkajs: versionOf('kafkajs'),
    mongodbDriver: versionOf('mongodb'),
  };
  const persistence = 'Temporal dev server on a SQLite file (WAL, synchronous FULL); MongoDB w=majority, journal; Kafka acks -1, one broker';
  if (json) process.stdout.write(`${JSON.stringify({ machine, versions, persistence, results })}\n`);
  else process.stdout.write(`${[HEAD, ...results.map(line), '', persistence, JSON.stringify(machine), JSON.stringify(versions)].join('\n')}\n`);
};

main().then(
  () => process.exit(0),
  (error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
