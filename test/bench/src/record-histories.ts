import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { businessMsAt, instantMsOf, toShanghaiIso, workflowIdOf, type Actor, type CommandEnvelope, type Tables } from '@qiyue/engine';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/need-domain';
import { EngineBench, bundleOf, commandFor, eventually } from '@qiyue/testkit';
import { serverEnvironment, startServers } from '@qiyue/stack';
import { NEED } from './needs';

/** Version of the recordings: raise it when the workflow changes, and keep the old files as long as such workflows may run. */
const VERSION = 'v1';
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
const WORKS: readonly Step[] = [
  [OFFICE, 'fund', { amountFen: 3_000_000, source: 'department', reference: '2024-07' }],
  [OFFICE, 'start', {}],
  [OFFICE, 'complete', { evidence: [{ kind: 'note', text: '完工' }] }],
  [STAFF, 'accept', {}],
];
const evaluate = (actor: Actor, side: string, satisfied: boolean): Step => [actor, 'evaluate', { side, score: satisfied ? 5 : 2, satisfied }];

interface Life {
  readonly steps: readonly Step[];
  readonly continueAfterUpdates?: number;
  readonly untilFlushed?: boolean;
  /** On a rehearsal's clock, with calendar and policy, until so many events are in the ledger. */
  readonly lateUntil?: number;
}

/** Lives that together pass every step of the shell: refusals, a reopening, the end, the lazy flush, continue-as-new, timers. */
const LIVES: Readonly<Record<string, Life>> = {
  'done-again': {
    steps: [
      CLAIM,
      CLAIM,
      ...WORKS,
      evaluate(GRID, 'resident', false),
      evaluate(STAFF, 'community', true),
      ...WORKS,
      evaluate(GRID, 'resident', true),
      evaluate(STAFF, 'community', true),
    ],
  },
  withdrawn: { steps: [[GRID, 'withdraw', { reason: '已自行解决' }]], untilFlushed: true },
  late: { steps: [], lateUntil: 9 },
  'continued-as-new': { steps: [CLAIM, ...WORKS], continueAfterUpdates: 3, untilFlushed: true },
};

const record = async (): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'qiyue-histories-'));
  const servers = await startServers({ dataDir });
  Object.assign(process.env, serverEnvironment(servers));
  const bench = await EngineBench.create({ deciders: [NEED], bundle: await bundleOf(require.resolve('./subjects/workflows')) });
  await bench.startWorker();
  mkdirSync(HISTORIES, { recursive: true });
  try {
    for (const [name, { steps, continueAfterUpdates, untilFlushed, lateUntil }] of Object.entries(LIVES)) {
      const file = join(HISTORIES, `${name}.${VERSION}.json`);
      if (existsSync(file)) continue; // what was recorded once stays: it stands for workflows that run since then
      const pace = lateUntil === undefined ? undefined : { realMs: Date.now(), businessMs: instantMsOf(MONDAY), factor: FACTOR };
      const gateway = bench.gateway({
        ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }),
        ...(pace === undefined ? {} : { pace }),
      });
      const submitted = commandFor(NEED, 'submit', SUBMIT, { actor: GRID });
      const submit = pace === undefined ? submitted : { ...submitted, receivedAt: toShanghaiIso(businessMsAt(pace, Date.now())), tables: TABLES };
      await gateway.execute(submit, WAIT_MS);
      for (const [actor, type, data] of steps) await gateway.execute(commandFor(NEED, type, data, { entity: submit.entity, actor }), WAIT_MS);
      const handle = bench.client.workflow.getHandle(workflowIdOf('need', submit.entity));
      if (lateUntil !== undefined)
        await eventually('the ladder to be climbed', async () => (await bench.store.stream(submit.entity)).length === lateUntil);
      if (untilFlushed || lateUntil !== undefined) await flushed(async () => historyToJSON(await handle.fetchHistory()));
      writeFileSync(file, `${historyToJSON(await handle.fetchHistory())}\n`);
    }
  } finally {
    await bench.close();
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

/** Until the workflow's own flush has been seen to end: its activity is a step that a replay has to repeat. */
const flushed = async (history: () => Promise<string>): Promise<void> => {
  for (let look = 0; look < 200; look += 1) {
    if ((await history()).includes('activityTaskCompletedEventAttributes')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the workflow has not flushed');
};

record().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
