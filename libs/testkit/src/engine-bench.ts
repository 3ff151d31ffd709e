import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { Db, MongoClient } from 'mongodb';
import {
  entityIdOf,
  fingerprintOf,
  sagaQueueOf,
  toShanghaiIso,
  type Actor,
  type AppendRequest,
  type CommandEnvelope,
  type Pace,
} from '@qiyue/engine';
import {
  appendActivities,
  Incidents,
  Appender,
  CommandGateway,
  CommandLog,
  EndedEntities,
  labelsOf,
  LedgerStore,
  type AnyDecider,
  type AnySaga,
  type Command,
  type GatewayOptions,
} from '@qiyue/engine-runtime';
import { sagaActivitiesOf } from '@qiyue/edge';
import { openMongo } from '@qiyue/platform';
import { ensureSearchAttributes } from '@qiyue/stack';
import { bundleOf } from './bundle';
import { eventually } from './eventually';

/** The addresses of the running servers, as every process of ours gets them. */
export const serversFromEnv = (): { readonly temporal: string; readonly mongodb: string; readonly kafka: string } => {
  const read = (name: string): string => {
    const value = process.env[name];
    if (value === undefined) throw new Error(`${name} is not set: run these tests through npm test`);
    return value;
  };
  return { temporal: read('QIYUE_TEMPORAL_ADDRESS'), mongodb: read('QIYUE_MONGODB_URI'), kafka: read('QIYUE_KAFKA_BROKERS') };
};

export interface EngineBenchOptions {
  readonly deciders: readonly AnyDecider[];
  readonly bundle: WorkflowBundleOption;
  /** Commands over several of the entities. Left out: there are none, and none would be taken. */
  readonly sagas?: readonly AnySaga[];
  readonly gateway?: Partial<GatewayOptions>;
  readonly database?: string;
  /** Another Temporal than the one of the environment. */
  readonly temporal?: string;
  /** For aggregates whose ids come from what they are about: two benches would share their workflows. Left out: the one that all share. */
  readonly hasOwnNamespace?: boolean;
}

/** The engine on real servers, with a task queue and a database of its own: gateway, worker, ledger. */
export class EngineBench {
  readonly taskQueue = `bench-${randomBytes(6).toString('hex')}`;
  readonly store: LedgerStore;
  readonly appender: Appender;
  readonly log: CommandLog;
  readonly db: Db;
  /** A rehearsal's business time, for whatever is begun from here on, by sagas too. Left out: the machine's. */
  pace: Pace | undefined;
  private workers: readonly RunningWorker[] = [];
  private sagaWorker: RunningWorker | null = null;

  private constructor(
    readonly client: Client,
    private readonly connection: Connection,
    private readonly native: NativeConnection,
    readonly mongo: MongoClient,
    private readonly options: EngineBenchOptions,
    database: string,
  ) {
    this.db = mongo.db(database);
    this.store = new LedgerStore(this.db);
    this.appender = new Appender(this.store);
    this.log = new CommandLog(this.store);
  }

  static async create(options: EngineBenchOptions): Promise<EngineBench> {
    quietRuntime();
    const { temporal, mongodb } = serversFromEnv();
    const database = options.database ?? `bench_${randomBytes(6).toString('hex')}`;
    const { client: mongo } = openMongo({ QIYUE_MONGODB_URI: mongodb, QIYUE_MONGODB_DATABASE: database });
    const address = options.temporal ?? temporal;
    const connection = await Connection.connect({ address });
    const native = await NativeConnection.connect({ address });
    const namespace = options.hasOwnNamespace === true ? await newNamespace(connection, address) : 'default';
    const bench = new EngineBench(new Client({ connection, namespace }), connection, native, mongo, options, database);
    await bench.store.ensureIndexes();
    return bench;
  }

  get namespace(): string {
    return this.client.options.namespace;
  }

  gateway(options: Partial<GatewayOptions> = {}): CommandGateway {
    const ended = new EndedEntities(this.store, this.log, this.options.deciders);
    return new CommandGateway(this.client, this.appender, this.log, ended, {
      inFlightPerEntity: 6,
      taskQueue: this.taskQueue,
      ...(this.pace === undefined ? {} : { pace: this.pace }),
      labels: labelsOf(this.options.deciders),
      ...this.options.gateway,
      ...options,
    });
  }

  /** As the edge processes do: the command log is asked only for ids that it may know. */
  async followLog(): Promise<void> {
    this.log.start();
    await eventually('the log to be followed', () => this.log.isFollowing);
  }

  /** `append`: what the workflows' own flush does instead of appending. `bundle`: other code than the bench's own, as a deployment brings it. */
  async startWorker(append?: Appender['append'], bundle: WorkflowBundleOption = this.options.bundle): Promise<void> {
    const own = appendActivities({ store: this.store, incidents: new Incidents(this.db) });
    const worker = await Worker.create({
      connection: this.native,
      namespace: this.namespace,
      taskQueue: this.taskQueue,
      workflowBundle: bundle,
      // A second one in the same process has to have another name.
      ...(this.workers.length === 0 ? {} : { workerDeploymentOptions: deploymentOf(this.workers.length) }),
      activities: {
        appendEntries: (request: AppendRequest) =>
          append === undefined || request.agreement !== undefined ? own.appendEntries(request) : append(request),
      },
      maxConcurrentWorkflowTaskExecutions: 100,
    });
    this.workers = [...this.workers, { worker, running: worker.run() }];
    if (this.sagaWorker === null && this.options.sagas !== undefined) await this.startSagas(this.options.sagas);
  }

  /** The worker of the sagas, which starts and stops apart. */
  async startSagas(sagas: readonly AnySaga[] = this.options.sagas ?? []): Promise<void> {
    const aggregates = this.options.deciders.map((decider, i) => ({ decider, sagas: i === 0 ? sagas.map((saga) => ({ saga })) : [] }));
    const worker = await Worker.create({
      connection: this.native,
      namespace: this.namespace,
      taskQueue: sagaQueueOf(this.taskQueue),
      workflowBundle: await bundleOf(require.resolve('@qiyue/workflows-saga')),
      activities: { ...sagaActivitiesOf({ aggregates, client: this.client, store: this.store }, this.gateway()) },
    });
    this.sagaWorker = { worker, running: worker.run() };
  }

  async stopSagas(): Promise<void> {
    const stopping = this.sagaWorker;
    this.sagaWorker = null;
    stopping?.worker.shutdown();
    await stopping?.running;
  }

  /** A worker that runs workflows and takes no activity, as one whose queue of activities is throttled to nothing. */
  async startWorkflowsAlone(): Promise<void> {
    const worker = await Worker.create({
      connection: this.native,
      namespace: this.namespace,
      taskQueue: this.taskQueue,
      workflowBundle: this.options.bundle,
    });
    this.workers = [...this.workers, { worker, running: worker.run() }];
  }

  /** That of the sagas goes on. */
  async stopWorker(): Promise<void> {
    const stopping = this.workers;
    this.workers = [];
    for (const { worker } of stopping) worker.shutdown();
    await Promise.all(stopping.map(({ running }) => running));
  }

  async close({ keepDatabase = false }: { readonly keepDatabase?: boolean } = {}): Promise<void> {
    await this.stopSagas();
    await this.stopWorker();
    await this.log.stop();
    if (!keepDatabase) await this.db.dropDatabase().catch(() => undefined);
    await this.connection.close();
    await this.native.close();
    await this.mongo.close();
  }
}

const newNamespace = async (connection: Connection, address: string): Promise<string> => {
  const namespace = `bench-${randomBytes(6).toString('hex')}`;
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('24 hours') });
  await ensureSearchAttributes(address, namespace);
  return namespace;
};

interface RunningWorker {
  readonly worker: Worker;
  readonly running: Promise<void>;
}

const deploymentOf = (n: number) => ({
  useWorkerVersioning: false as const,
  version: { deploymentName: 'bench', buildId: `worker-${n}` },
});

/** Temporal's runtime is one per process, and talks much, on standard output too, which belongs to `--json`: here it only tells errors. */
export const quietRuntime = (): void => {
  if (Runtime._instance !== undefined) return;
  const logger = new DefaultLogger(process.env['DEBUG'] === undefined ? 'ERROR' : 'INFO');
  Runtime.install({ logger, telemetryOptions: { logging: { forward: {} } } });
};

const TESTER: Actor = { id: 'tester', role: 'tester', unit: null };

/** A command as the edge makes it. `entity` is left out for one that starts its entity: its id then comes from actor and key. */
export const commandFor = (
  decider: Pick<AnyDecider, 'aggregate' | 'startsWith'>,
  type: string,
  data: CommandEnvelope['data'],
  options: { readonly entity?: string; readonly key?: string; readonly actor?: Actor } = {},
): Command => {
  const actor = options.actor ?? TESTER;
  const commandId = options.key ?? `k-${randomBytes(10).toString('hex')}`;
  const entity = options.entity ?? entityIdOf(decider.aggregate, actor.id, commandId);
  const asked = { entity, type, data, actor };
  return {
    ...asked,
    commandId,
    channel: 'http',
    receivedAt: toShanghaiIso(Date.now()),
    fingerprint: fingerprintOf(asked),
    aggregate: decider.aggregate,
    starts: type === decider.startsWith,
  };
};
