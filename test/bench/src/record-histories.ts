import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { workflowIdOf, type Actor, type CommandEnvelope } from '@qiyue/engine';
import { EngineBench, bundleOf, commandFor } from '@qiyue/testkit';
import { serverEnvironment, startServers } from '@qiyue/stack';
import { NEED } from './needs';

/** Version of the recordings: raise it when the workflow changes, and keep the old files as long as such workflows may run. */
const VERSION = 'v1';
const HISTORIES = resolve(__dirname, '../../../workflows/need/histories');
const WAIT_MS = 20_000;

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

/** Lives that together pass every step of the shell: refusals, a reopening, the end, the lazy flush, continue-as-new. */
const LIVES: Readonly<Record<string, { readonly steps: readonly Step[]; readonly continueAfterUpdates?: number; readonly untilFlushed?: boolean }>> =
  {
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
    for (const [name, { steps, continueAfterUpdates, untilFlushed }] of Object.entries(LIVES)) {
      const gateway = bench.gateway(continueAfterUpdates === undefined ? {} : { continueAfterUpdates });
      const submit = commandFor(NEED, 'submit', SUBMIT, { actor: GRID });
      await gateway.execute(submit, WAIT_MS);
      for (const [actor, type, data] of steps) await gateway.execute(commandFor(NEED, type, data, { entity: submit.entity, actor }), WAIT_MS);
      const handle = bench.client.workflow.getHandle(workflowIdOf('need', submit.entity));
      if (untilFlushed) await flushed(async () => historyToJSON(await handle.fetchHistory()));
      writeFileSync(join(HISTORIES, `${name}.${VERSION}.json`), `${historyToJSON(await handle.fetchHistory())}\n`);
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
