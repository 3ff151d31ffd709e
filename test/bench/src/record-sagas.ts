import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { sagaIdOf, sagaQueueOf, type Actor } from '@qiyue/engine';
import {
  anySaga,
  EntityLooks,
  KeptPlans,
  sagaActivities,
  SagaRunner,
  SagaRuns,
  waitingSagas,
  type Command,
  type CommandGateway,
} from '@qiyue/engine-runtime';
import { mergeSaga } from '@qiyue/need-domain';
import { commandFor, EngineBench, eventually } from '@qiyue/testkit';
import { DEPARTMENT as OFFICE, GRID, LAMPS, STAFF, UNIT, must, NEED } from './needs';

/** Version of the recordings: raise it when the saga's workflow changes, and keep the old files as long as such workflows may run. */
const VERSION = 'v1';
const HISTORIES = resolve(__dirname, '../../../workflows/saga/histories');
const WAIT_MS = 20_000;

/** Lives that together pass every kind of effect, and a wait. */
type Life = 'accepted' | 'stopped' | 'taken-back' | 'waited';
const LIVES: readonly Life[] = ['accepted', 'stopped', 'taken-back', 'waited'];

/** What was recorded once stays: it stands for workflows that run since then. */
export const recordSagas = async (bundle: WorkflowBundleOption): Promise<void> => {
  const missing = LIVES.filter((life) => !existsSync(fileOf(life)));
  if (missing.length === 0) return;
  mkdirSync(HISTORIES, { recursive: true });
  const engine = await EngineBench.create({ deciders: [NEED], bundle });
  const connection = await NativeConnection.connect({ address: process.env['QIYUE_TEMPORAL_ADDRESS'] ?? '' });
  try {
    for (const life of missing) await new SagaRecording(engine, connection, bundle).record(life);
  } finally {
    await engine.close();
    await connection.close();
  }
};

const fileOf = (life: Life): string => join(HISTORIES, `${life}.${VERSION}.json`);

class SagaRecording {
  private readonly queue: string;
  private readonly gateway: CommandGateway;
  private readonly looks: EntityLooks;

  constructor(
    private readonly engine: EngineBench,
    private readonly connection: NativeConnection,
    private readonly bundle: WorkflowBundleOption,
  ) {
    this.queue = sagaQueueOf(engine.taskQueue);
    this.gateway = engine.gateway();
    this.looks = new EntityLooks(engine.client, engine.store, [NEED]);
  }

  async record(life: Life): Promise<void> {
    await this.engine.startWorker();
    const [source, target] = [await this.submitted(), await this.submitted()];
    const merge = commandFor(NEED, 'merge', { into: target }, { entity: source, actor: STAFF });
    if (life === 'stopped') await this.give('withdraw', GRID, target, { reason: '已自行解决' });
    const begun = await this.runner().execute(merge, 1_000, () => Promise.resolve({ followers: [GRID.id] })); // nobody carries it on yet
    if (begun.kind !== 'unknown') throw new Error(`it has an answer: ${begun.kind}`);
    if (life === 'taken-back') await this.give('claim', OFFICE, source, { unit: UNIT, plan: '采购安装' });
    if (life === 'waited') await this.engine.stopWorker();
    const { worker, running } = await this.startSagas();
    if (life === 'waited') {
      await eventually(
        'it to wait',
        async () => (await waitingSagas(this.engine.client, { taskQueue: this.queue })).some(({ waits }) => waits),
        WAIT_MS,
      );
      await this.engine.startWorker();
    }
    const handle = this.engine.client.workflow.getHandle(sagaIdOf(merge.commandId));
    await handle.result();
    writeFileSync(fileOf(life), `${historyToJSON(await handle.fetchHistory())}\n`);
    worker.shutdown();
    await running;
    await this.engine.stopWorker();
  }

  private runner(): SagaRunner {
    const runs = new SagaRuns(this.engine.client, this.engine.store, { taskQueue: this.queue });
    return new SagaRunner({ gateway: this.gateway, log: this.engine.log, looks: this.looks, runs, sagas: [anySaga(mergeSaga)] });
  }

  private async startSagas(): Promise<{ readonly worker: Worker; readonly running: Promise<void> }> {
    const { gateway } = this;
    const worker = await Worker.create({
      connection: this.connection,
      taskQueue: this.queue,
      workflowBundle: this.bundle,
      activities: { ...sagaActivities({ gateway, plans: new KeptPlans(this.engine.store), sagas: [anySaga(mergeSaga)] }) },
    });
    return { worker, running: worker.run() };
  }

  private async submitted(): Promise<string> {
    const submit = commandFor(NEED, 'submit', LAMPS, { actor: GRID });
    await must(this.gateway, submit);
    return submit.entity;
  }

  private async give(type: string, actor: Actor, entity: string, data: Command['data']): Promise<void> {
    await (
      await must(this.gateway, commandFor(NEED, type, data, { entity, actor }))
    ).appended;
  }
}
