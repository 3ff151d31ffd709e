import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { outcomesOf, type LedgerSide } from '@qiyue/audit';
import {
  businessMsAt,
  foldRecords,
  instantMsOf,
  knownRulesOf,
  openRecord,
  STANDING_QUERY_NAME,
  toShanghaiIso,
  workflowIdOf,
  type EntityStanding,
  type Tables,
} from '@qiyue/engine';
import { sagasOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import type { AnyDecider } from '@qiyue/engine-runtime';
import { compilePolicy, isPerson, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { needDecider } from '@qiyue/need-domain';
import { EngineBench, bundleOf, bundleOfAggregates, commandFor, eventually } from '@qiyue/testkit';
import { serverEnvironment, startServers } from '@qiyue/stack';
import { aliasOf, goldenLives, goldenText } from './golden-lives';
import { KIND_LIVES } from './lives/kind.lives';
import { FLUSH, type Given, type Life, type Lives } from './lives/life';
import { NEED_LIVES } from './lives/need.lives';
import { NEED } from './needs';
import { recordSagas } from './record-sagas';

/**
 * Version of the recordings: raise it when the shell changes, and keep the old files as long as such workflows may run. Beside each lies what the
 * ledger held, for comparing what a replay comes to; those of v1 have only themselves.
 */
const VERSION = 'v2';
const WORKFLOWS = resolve(__dirname, '../../../workflows');
const HISTORIES = join(WORKFLOWS, 'need/histories');
const WAIT_MS = 30_000;
const MONDAY = '2024-07-01T08:00:00.000+08:00';
const TABLES: Tables = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };

const RULES = knownRulesOf(needDecider);

/** What the newest rules decide, command by command: recorded once for each version of the rules that is released. */
const recordGolden = (): void => {
  const file = join(HISTORIES, `rules-${RULES}.golden.json`);
  if (!existsSync(file)) writeFileSync(file, goldenText(goldenLives(RULES, TABLES)));
};

/** Where the histories of a kind lie, its lives, and what their files say behind the name of the life: the shell's version, or the kind's rules. */
const recordingsOf = ({ aggregate, rules = 1 }: AnyDecider): { readonly folder: string; readonly lives: Lives; readonly version: string } => {
  const folder = join(WORKFLOWS, aggregate, 'histories');
  if (aggregate === NEED.aggregate) return { folder, lives: NEED_LIVES, version: VERSION };
  const lives = KIND_LIVES[aggregate];
  if (lives === undefined) throw new Error(`there are no lives of ${aggregate}: write them in lives/kind.lives.ts`);
  return { folder, lives, version: `rules-${rules}` };
};

const record = async (): Promise<void> => {
  recordGolden();
  const dataDir = mkdtempSync(join(tmpdir(), 'qiyue-histories-'));
  const servers = await startServers({ dataDir });
  Object.assign(process.env, serverEnvironment(servers));
  const deciders = AGGREGATES.map(({ decider }) => decider);
  const bench = await EngineBench.create({ deciders, bundle: await bundleOfAggregates(AGGREGATES), sagas: sagasOf(AGGREGATES) });
  await bench.startWorker();
  try {
    for (const decider of deciders) await recordLives(bench, decider);
    await recordSagas(await bundleOf(require.resolve('./subjects/workflows')));
  } finally {
    await bench.close();
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

/** What was recorded once stays: it stands for workflows that run since then. */
const recordLives = async (bench: EngineBench, decider: AnyDecider): Promise<void> => {
  const { folder, lives, version } = recordingsOf(decider);
  mkdirSync(folder, { recursive: true });
  for (const [name, life] of Object.entries(lives)) {
    const file = join(folder, `${name}.${version}.json`);
    if (existsSync(file)) continue;
    const entity = await live(bench, decider, life);
    const history = await handleOf(bench, decider, entity).fetchHistory();
    const ledger = { records: await bench.store.stream(entity), outcomes: await outcomesOf(bench.store, history) };
    writeFileSync(join(folder, `${name}.${version}.records.json`), `${JSON.stringify(shown(ledger), null, 2)}\n`);
    writeFileSync(file, `${historyToJSON(history)}\n`);
  }
};

const live = async (bench: EngineBench, decider: AnyDecider, { starts, steps, continueAfterUpdates, factor }: Life): Promise<string> => {
  const pace = factor === undefined ? undefined : { realMs: Date.now(), businessMs: instantMsOf(MONDAY), factor };
  const gateway = bench.gateway({ ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }), ...(pace === undefined ? {} : { pace }) });
  const give = async ([actor, type, data, answer]: Given, of?: string): Promise<string> => {
    const said = typeof data === 'function' ? data((await bench.store.stream(of ?? '')).map(openRecord)) : data;
    const command = commandFor(decider, type, said, { actor, ...(of === undefined ? {} : { entity: of }) });
    const timed = pace === undefined ? {} : { receivedAt: toShanghaiIso(businessMsAt(pace, Date.now())), tables: TABLES };
    const alias = isPerson(actor.role) && decider.aliasSince === 1 ? { alias: aliasOf(command.entity, actor, command.commandId) } : {};
    const given = await gateway.execute({ ...command, ...timed, ...alias }, WAIT_MS);
    const came = given.kind === 'outcome' ? given.outcome.status : given.kind;
    if (came !== (answer ?? 'accepted')) throw new Error(`${decider.aggregate}: ${type} was ${came}: ${JSON.stringify(given)}`);
    return command.entity;
  };
  const entity = await give(starts);
  for (const step of steps) {
    if (step === FLUSH) await eventually('all to be flushed', () => isFlushed(bench, decider, entity), WAIT_MS);
    else if ('records' in step) await eventually('the ladder', async () => (await bench.store.stream(entity)).length >= step.records, WAIT_MS);
    else if ('place' in step) await eventually(step.place, async () => (await placeOf(bench, decider, entity)) === step.place, WAIT_MS);
    else await give(step, entity);
  }
  return entity;
};

const handleOf = (bench: EngineBench, { aggregate }: AnyDecider, entity: string) => bench.client.workflow.getHandle(workflowIdOf(aggregate, entity));

const placeOf = async (bench: EngineBench, decider: AnyDecider, entity: string): Promise<string> => {
  const { stage, status } = decider.summary(foldRecords(decider, (await bench.store.stream(entity)).map(openRecord)).state);
  return `${stage}/${status}`;
};

/** Asked by a query, which leaves no trace in the history. */
const isFlushed = async (bench: EngineBench, decider: AnyDecider, entity: string): Promise<boolean> => {
  const { unconfirmed } = await handleOf(bench, decider, entity).query<EntityStanding>(STANDING_QUERY_NAME);
  return unconfirmed === 0;
};

const shown = ({ records, outcomes }: LedgerSide): object => ({
  records: records.map(({ seq, hash, canonical }) => ({ seq, hash, canonical })),
  outcomes: Object.fromEntries(outcomes),
});

record().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
