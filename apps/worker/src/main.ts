import { randomUUID } from 'node:crypto';
import { DefaultLogger, NativeConnection, Runtime, Worker, type LogEntry } from '@temporalio/worker';
import { SAGA_TASK_QUEUE, TASK_QUEUE, toShanghaiIso } from '@qiyue/engine';
import { appendActivities, Incidents, LedgerStore, noteWaitingSagas, Patrol, recheckEntities, type RecheckDeps } from '@qiyue/engine-runtime';
import { namesOf, rulesKnownBy } from '@qiyue/aggregate';
import { AGGREGATES, HAS_MORE_AGGREGATES } from '@qiyue/aggregates';
import { ensureEvidenceSchedules, KafkaWitness } from '@qiyue/audit';
import { beginOnNewestRules, followTables, openGateway, RetimeRuns, sagaActivitiesOf, TableStore } from '@qiyue/edge';
import {
  clockOf,
  connectTemporal,
  inBackground,
  KafkajsEventBus,
  kafkaSecurityOf,
  temporalSecurityOf,
  type TemporalSecurity,
  loadSettings,
  metricsPortIn,
  openMongo,
  ProcessRegistry,
  runProcess,
  workflowCode,
  type Logger,
  type Running,
  type Settings,
} from '@qiyue/platform';
import { countedAppends } from './counted-appends';
import { evidenceActivities, type EvidenceFiles } from './evidence-activities';
import { retimeActivities } from './retime-activities';
import { RetimeKeeper } from './retime-keeper';

const SHUTDOWN_GRACE = '5 seconds';
const STICKY_FOR = '1 second';
/**
 * One thread runs them all, and a task's two and a half seconds begin when it is taken: a worker that comes back with an empty cache
 * replays each need first, some 30 ms, so what it has taken must not be more than it can do in that time.
 */
const TASKS_AT_ONCE = 16;
const CONNECT_RETRY_MS = 500;
/** About 0.2 MiB each (soak campaign); the SDK's own bound follows the heap's limit and would come to gigabytes. */
const WORKFLOWS_CACHED = 1_000;
/** They live for one task, unless they wait. */
const SAGAS_CACHED = 100;

runProcess('worker', async (log): Promise<Running> => {
  const settings = loadSettings(
    process.env,
    'QIYUE_TEMPORAL_ADDRESS',
    'QIYUE_TEMPORAL_NAMESPACE',
    'QIYUE_MONGODB_URI',
    'QIYUE_MONGODB_DATABASE',
    'QIYUE_REHEARSAL_CLOCK',
    'QIYUE_KAFKA_BROKERS',
    'QIYUE_CHECKPOINTS',
    'QIYUE_CHECKPOINT_KEY',
    'QIYUE_CHECKPOINT_MINUTES',
  );
  Runtime.install({ logger: new DefaultLogger('INFO', toLog(log)), telemetryOptions: { logging: { forward: {} } } });
  const { client, db } = openMongo(settings);
  const store = new LedgerStore(db);
  const clock = clockOf(settings);
  const { client: temporal, connection: clientConnection } = connectTemporal(settings);
  const { gateway, stop: stopGateway } = openGateway({ aggregates: AGGREGATES, store, client: temporal, log, clock, inFlightPerEntity: 1 });
  const files = evidenceFilesIn(settings, log);
  const now = () => toShanghaiIso(clock.nowMs());
  inBackground(log, 'indexes', () => store.ensureIndexes());
  for (const { decider } of AGGREGATES)
    inBackground(log, 'rules of a new county', async () => void (await beginOnNewestRules(db, temporal, decider.aggregate, decider.rules ?? 1)));
  const connection = await connectWhenThere({ address: settings.QIYUE_TEMPORAL_ADDRESS, ...temporalSecurityOf(settings) }, log);
  const tables = await followTables(db, temporal, clock, log);
  const common = {
    connection,
    namespace: settings.QIYUE_TEMPORAL_NAMESPACE,
    workflowBundle: { code: await workflowCode(__dirname, 'workflow-bundle.js', { isAsBuilt: !HAS_MORE_AGGREGATES }) },
    maxConcurrentWorkflowTaskExecutions: TASKS_AT_ONCE,
    stickyQueueScheduleToStartTimeout: STICKY_FOR, // how long a killed worker's workflows wait before another takes them
    shutdownGraceTime: SHUTDOWN_GRACE,
  };
  const worker = await Worker.create({
    ...common,
    taskQueue: TASK_QUEUE,
    activities: {
      ...countedAppends(appendActivities({ store, incidents: new Incidents(db) })),
      ...(files === null
        ? {}
        : evidenceActivities({
            store,
            aggregates: AGGREGATES,
            witness: witnessOf(settings),
            files,
            log,
          })),
      ...retimeActivities({ store, aggregates: AGGREGATES, tables: new TableStore(db), gateway, now }),
    },
    maxCachedWorkflows: WORKFLOWS_CACHED,
  });
  const sagaWorker = await Worker.create({
    ...common,
    taskQueue: SAGA_TASK_QUEUE,
    activities: { ...sagaActivitiesOf({ aggregates: AGGREGATES, store, client: temporal, tables }, gateway) },
    maxCachedWorkflows: SAGAS_CACHED,
  });
  const rechecks = keepRechecking({ client: temporal, store, incidents: new Incidents(db), aggregates: namesOf(AGGREGATES) }, log);
  const retimer = new RetimeKeeper({ tables: new TableStore(db), runs: new RetimeRuns(temporal), log });
  const patrol = new Patrol(
    { client: temporal, store, incidents: new Incidents(db), deciders: AGGREGATES.map(({ decider }) => decider) },
    randomUUID(),
  );
  const looks = [
    every(RETIME_LOOK_EVERY_MS, () => retimer.look()),
    every(PATROL_EVERY_MS, () => patrol.round()),
    every(SAGA_LOOK_EVERY_MS, () => noteWaitingSagas({ client: temporal, incidents: new Incidents(db) })),
  ];
  if (files !== null) inBackground(log, 'evidence schedules', () => ensureEvidenceSchedules(temporal, settings.QIYUE_CHECKPOINT_MINUTES));
  const membership = new ProcessRegistry(db).join({ name: 'worker', rules: rulesKnownBy(AGGREGATES), metricsPort: metricsPortIn(process.env) });
  const running = Promise.all([worker.run(), sagaWorker.run()]);
  void running.catch((error: unknown) => {
    throw error instanceof Error ? error : new Error('worker failed'); // unhandled on purpose: the process ends and is started again
  });
  return {
    stop: async () => {
      clearInterval(rechecks);
      for (const look of looks) clearInterval(look);
      tables.stop();
      worker.shutdown();
      sagaWorker.shutdown();
      await running;
      await connection.close();
      await stopGateway();
      await membership.leave();
      await clientConnection.close();
      await client.close();
    },
  };
});

const RETIME_LOOK_EVERY_MS = 30_000;
const RECHECK_EVERY_MS = 10_000;
const PATROL_EVERY_MS = 10_000;
const SAGA_LOOK_EVERY_MS = 5_000;

/** Entities that stood aside because of other code come back by themselves when the right code runs. */
const keepRechecking = (deps: RecheckDeps, log: Logger): NodeJS.Timeout =>
  every(RECHECK_EVERY_MS, async () => {
    const cleared = await recheckEntities(deps);
    if (cleared > 0) log.info({ cleared }, 'entities that stood aside agree with the ledger again');
  });

/** One look at a time; what fails because MongoDB or Temporal is away is done again in a while. */
const every = (ms: number, look: () => Promise<unknown>): NodeJS.Timeout => {
  let looking = false;
  const done = (): void => void (looking = false);
  return setInterval(() => {
    if (looking) return;
    looking = true;
    look().then(done, done);
  }, ms).unref();
};

const witnessOf = (settings: Pick<Settings, 'QIYUE_KAFKA_BROKERS'> & Parameters<typeof kafkaSecurityOf>[0]): KafkaWitness => {
  const security = kafkaSecurityOf(settings);
  return new KafkaWitness(settings.QIYUE_KAFKA_BROKERS, new KafkajsEventBus(settings.QIYUE_KAFKA_BROKERS, 'qiyue-worker', security), security);
};

/** Null where no checkpoints are made. Throws one sentence when only half of it is set. */
const evidenceFilesIn = (
  { QIYUE_CHECKPOINTS, QIYUE_CHECKPOINT_KEY }: Pick<Settings, 'QIYUE_CHECKPOINTS' | 'QIYUE_CHECKPOINT_KEY'>,
  log: Logger,
): EvidenceFiles | null => {
  if (QIYUE_CHECKPOINTS !== undefined && QIYUE_CHECKPOINT_KEY !== undefined) return { folder: QIYUE_CHECKPOINTS, keyFile: QIYUE_CHECKPOINT_KEY };
  if (QIYUE_CHECKPOINTS !== undefined || QIYUE_CHECKPOINT_KEY !== undefined)
    throw new Error('settings refused:\n  QIYUE_CHECKPOINTS and QIYUE_CHECKPOINT_KEY: both are needed, or neither');
  log.warn({}, 'no checkpoints of the ledger are made: QIYUE_CHECKPOINTS and QIYUE_CHECKPOINT_KEY are not set');
  return null;
};

/** The SDK's own words as lines of our log: ids and names, never what a payload held. */
const toLog =
  (log: Logger) =>
  ({ level, message, meta }: LogEntry): void => {
    const { workflowId, runId, error, stack } = (meta ?? {}) as Readonly<Record<string, unknown>>;
    const fields = { workflowId, runId, error: error instanceof Error ? error.name : undefined, stack };
    if (level === 'WARN' || level === 'ERROR') log[level === 'WARN' ? 'warn' : 'error'](fields, message);
    else log.debug(fields, message);
  };

const connectWhenThere = async (options: TemporalSecurity & { readonly address: string }, log: Logger): Promise<NativeConnection> => {
  for (;;) {
    try {
      return await NativeConnection.connect(options);
    } catch (error) {
      log.warn({ err: error instanceof Error ? error.name : typeof error }, 'Temporal does not answer yet');
      await new Promise((resolve) => setTimeout(resolve, CONNECT_RETRY_MS));
    }
  }
};
