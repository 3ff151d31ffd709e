import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { outcomesOf, type LedgerSide } from '@qiyue/audit';
import {
  businessMsAt,
  instantMsOf,
  knownRulesOf,
  STANDING_QUERY_NAME,
  toShanghaiIso,
  workflowIdOf,
  type Actor,
  type CommandEnvelope,
  type EntityStanding,
  type Tables,
} from '@qiyue/engine';
import type { Command } from '@qiyue/engine-runtime';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { needDecider } from '@qiyue/need-domain';
import { EngineBench, bundleOf, commandFor, eventually } from '@qiyue/testkit';
import { serverEnvironment, startServers } from '@qiyue/stack';
import { goldenLives, goldenText } from './golden-lives';
import { NEED } from './needs';
import { recordSagas } from './record-sagas';

/**
 * Version of the recordings: raise it when the shell changes, and keep the old files as long as such workflows may run. Beside each lies what the
 * ledger held, for comparing what a replay comes to; those of v1 have only themselves.
 */
const VERSION = 'v2';
const HISTORIES = resolve(__dirname, '../../../workflows/need/histories');
const WAIT_MS = 20_000;
/** Without a holiday near: its ladder takes 25 days. */
const MONDAY = '2024-07-01T08:00:00.000+08:00';
const FACTOR = 300_000;
const TABLES: Tables = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };

const COMMUNITY = '民悦社区';
const UNIT = '稷山县政府办';
const GRID: Actor = { id: 'grid-1', role: 'grid', unit: COMMUNITY };
const STAFF: Actor = { id: 'staff-1', role: 'community', unit: COMMUNITY };
const OFFICE: Actor = { id: 'office-1', role: 'department', unit: UNIT };

type Step = readonly [Actor, string, CommandEnvelope['data']];
const SUBMIT = { title: '路灯', kind: 'tangible', items: [{ name: '路灯', quantity: 20, unit: '个' }], community: COMMUNITY };
const CLAIM: Step = [OFFICE, 'claim', { unit: UNIT, plan: '采购安装' }];
const FUND: Step = [OFFICE, 'fund', { amountFen: 3_000_000, source: 'department', reference: '2024-07' }];
const START: Step = [OFFICE, 'start', {}];
const PROGRESS: Step = [OFFICE, 'progress', { note: '过半' }];
const COMPLETE: Step = [OFFICE, 'complete', { evidence: [{ kind: 'note', text: '完工' }] }];
const ACCEPT: Step = [STAFF, 'accept', {}];
const evaluate = (actor: Actor, side: string, satisfied: boolean): Step => [actor, 'evaluate', { side, score: satisfied ? 5 : 2, satisfied }];
/** Until the ledger holds all of it, by the workflow's own flush, and the workflow knows. */
const FLUSH = 'flush' as const;
/** Until the ladder has come so far: records in the ledger. */
const until = (records: number) => ({ records });

interface Life {
  readonly steps: readonly (Step | typeof FLUSH | ReturnType<typeof until>)[];
  readonly continueAfterUpdates?: number;
  /** With calendar and policy, on a clock that runs so many times as fast from `MONDAY` on. */
  readonly factor?: number;
}

/**
 * Lives that together pass every step of the shell: refusals, a reopening, the end, flushes between commands, timers that fired, were unset and
 * wait, and a second run that decides.
 */
const LIVES: Readonly<Record<string, Life>> = {
  'done-again': {
    steps: [
      ...[CLAIM, CLAIM, FUND, START, COMPLETE, ACCEPT],
      ...[evaluate(GRID, 'resident', false), evaluate(STAFF, 'community', true), FLUSH],
      ...[FUND, START, COMPLETE, ACCEPT, evaluate(GRID, 'resident', true), evaluate(STAFF, 'community', true)],
    ],
  },
  'flushed-between': { factor: 1, steps: [FLUSH, CLAIM, FLUSH, CLAIM, FLUSH, FUND, CLAIM, START, FLUSH, PROGRESS, FLUSH] },
  late: { factor: FACTOR, steps: [until(3), CLAIM, until(6), FLUSH] },
  withdrawn: { steps: [[GRID, 'withdraw', { reason: '已自行解决' }], FLUSH] },
  'continued-as-new': { factor: 1, continueAfterUpdates: 4, steps: [CLAIM, CLAIM, FUND, START, PROGRESS, COMPLETE, FLUSH] },
};

const RULES = knownRulesOf(needDecider);

/** What the newest rules decide, command by command: recorded once for each version of the rules that is released. */
const recordGolden = (): void => {
  const file = join(HISTORIES, `rules-${RULES}.golden.json`);
  if (!existsSync(file)) writeFileSync(file, goldenText(goldenLives(RULES, TABLES)));
};

const record = async (): Promise<void> => {
  recordGolden();
  const dataDir = mkdtempSync(join(tmpdir(), 'qiyue-histories-'));
  const servers = await startServers({ dataDir });
  Object.assign(process.env, serverEnvironment(servers));
  const bundle = await bundleOf(require.resolve('./subjects/workflows'));
  const bench = await EngineBench.create({ deciders: [NEED], bundle });
  await bench.startWorker();
  mkdirSync(HISTORIES, { recursive: true });
  try {
    for (const [name, life] of Object.entries(LIVES)) {
      const file = join(HISTORIES, `${name}.${VERSION}.json`);
      if (existsSync(file)) continue; // what was recorded once stays: it stands for workflows that run since then
      const entity = await live(bench, life);
      const history = await handleOf(bench, entity).fetchHistory();
      const ledger = { records: await bench.store.stream(entity), outcomes: await outcomesOf(bench.store, history) };
      writeFileSync(join(HISTORIES, `${name}.${VERSION}.records.json`), `${JSON.stringify(shown(ledger), null, 2)}\n`);
      writeFileSync(file, `${historyToJSON(history)}\n`);
    }
    await recordSagas(bundle);
  } finally {
    await bench.close();
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

const live = async (bench: EngineBench, { steps, continueAfterUpdates, factor }: Life): Promise<string> => {
  const pace = factor === undefined ? undefined : { realMs: Date.now(), businessMs: instantMsOf(MONDAY), factor };
  const gateway = bench.gateway({ ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }), ...(pace === undefined ? {} : { pace }) });
  const give = (command: Command) => {
    const timed = pace === undefined ? {} : { receivedAt: toShanghaiIso(businessMsAt(pace, Date.now())), tables: TABLES };
    return gateway.execute({ ...command, ...timed }, WAIT_MS);
  };
  const submit = commandFor(NEED, 'submit', SUBMIT, { actor: GRID });
  const { entity } = submit;
  await give(submit);
  for (const step of steps) {
    if (step === FLUSH) await eventually('all to be flushed', () => isFlushed(bench, entity), WAIT_MS);
    else if ('records' in step) await eventually('the ladder', async () => (await bench.store.stream(entity)).length >= step.records, WAIT_MS);
    else await give(commandFor(NEED, step[1], step[2], { entity, actor: step[0] }));
  }
  return entity;
};

const handleOf = (bench: EngineBench, entity: string) => bench.client.workflow.getHandle(workflowIdOf('need', entity));

/** Asked by a query, which leaves no trace in the history. */
const isFlushed = async (bench: EngineBench, entity: string): Promise<boolean> => {
  const { unconfirmed } = await handleOf(bench, entity).query<EntityStanding>(STANDING_QUERY_NAME);
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
