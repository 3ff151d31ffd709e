import { resolve } from 'node:path';
import { Ports } from '../base/ports';
import { cacheDirOf, readStackEnvironment, type StackEnvironment } from '../base/settings';
import { updateStackFile } from '../base/stack-file';
import { STARTING, terminalLog, type StackLog } from '../base/stack-log';
import { TendedProcess, type ProcessHandle } from '../base/tended-process';
import { namesOf, type AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { ensureTopics } from './kafka-topics';
import { ownDataDir, releaseDataDir } from './own-data-dir';
import { planServers, type Planned } from './plan-servers';
import type { ServerContext, ServerName } from './server-context';
import { ensureSearchAttributes, searchAttributesOf } from './temporal.server';

export interface ServersOptions {
  /** Data, logs and state of the servers; made if need be. A restart on the same folder finds its data and ports. */
  readonly dataDir: string;
  /** Where built programs are kept; `cacheDirOf(env)` unless given. */
  readonly cacheDir?: string;
  readonly log?: StackLog;
  /** Read for addresses and the PATH; `process.env` unless given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whose topics and search attributes to make; all that there are unless given. */
  readonly aggregates?: readonly AnyAggregate[];
}

export interface Servers {
  readonly temporal: { readonly address: string; readonly uiUrl: string | null; readonly namespace: string };
  /** host:port, commas between several. */
  readonly kafkaBrokers: string;
  readonly mongodbUri: string;
  readonly mongodbDatabase: string;
  /** Handles of the servers that were started here: none for one whose address was given. */
  readonly handles: Readonly<Partial<Record<ServerName, ProcessHandle>>>;
  /** Pids of the servers that run now. */
  pids(): readonly number[];
  /** Stops what was started here; a given server is left alone. */
  stop(): Promise<void>;
}

/** Servers as their owner sees them: with what a supervisor needs to tend them. */
export interface OwnedServers extends Servers {
  readonly tended: readonly TendedProcess[];
  readonly ports: Ports;
}

/** Addresses as the environment of our processes names them. */
export const serverEnvironment = (servers: Servers): Record<string, string> => ({
  QIYUE_TEMPORAL_ADDRESS: servers.temporal.address,
  QIYUE_TEMPORAL_NAMESPACE: servers.temporal.namespace,
  QIYUE_KAFKA_BROKERS: servers.kafkaBrokers,
  QIYUE_MONGODB_URI: servers.mongodbUri,
  QIYUE_MONGODB_DATABASE: servers.mongodbDatabase,
});

/**
 * Starts Temporal, Kafka and MongoDB, or uses those that the environment names, and waits until each answers a real
 * request and has its topics and search attributes. One process at a time may do so on one data folder; what a killed
 * predecessor left running there is stopped first. Throws a StackError for anything that the caller's user can mend.
 */
export const startServers = async (options: ServersOptions): Promise<Servers> => {
  const dataDir = resolve(options.dataDir);
  await ownDataDir(dataDir);
  try {
    const servers = await startOwnedServers({ ...options, dataDir });
    const stop = async (): Promise<void> => {
      await servers.stop();
      releaseDataDir(dataDir);
    };
    return { ...servers, stop };
  } catch (error) {
    releaseDataDir(dataDir);
    throw error;
  }
};

/** The same for a caller that owns the data folder already and keeps it. */
export const startOwnedServers = async (options: ServersOptions): Promise<OwnedServers> => {
  const env = options.env ?? process.env;
  const settings = readStackEnvironment(env);
  const { dataDir, cacheDir = cacheDirOf(env), log = terminalLog() } = options;
  const context: ServerContext = { dataDir, cacheDir, env, log, ports: new Ports(dataDir, cacheDir) };
  const tended: TendedProcess[] = [];
  try {
    const planned = await planServers(context, settings);
    tended.push(...planned.plans.map((plan) => new TendedProcess(plan, dataDir)));
    await startAll(tended, log);
    const { aggregates = AGGREGATES } = options;
    await ensureTopics(planned.kafkaBrokers, namesOf(aggregates));
    await ensureSearchAttributes(planned.temporal.address, planned.temporal.namespace, searchAttributesOf(aggregates));
    return toServers(planned, settings, tended, context);
  } catch (error) {
    await Promise.allSettled(tended.map((server) => server.stop()));
    context.ports.release();
    throw error;
  }
};

const startAll = async (servers: readonly TendedProcess[], log: StackLog): Promise<void> => {
  if (servers.length === 0) return;
  const step = log.step(STARTING(servers.map(({ name }) => name).join(', ')), [3, 10]);
  const start = async (server: TendedProcess): Promise<void> => {
    await server.start();
    await server.waitReady();
  };
  // All are awaited, also after one failed: whoever cleans up must not race with a server that is still being started.
  const failed = (await Promise.allSettled(servers.map(start))).find((result) => result.status === 'rejected');
  if (failed === undefined) return step.done();
  step.failed();
  throw failed.reason;
};

const toServers = (planned: Planned, settings: StackEnvironment, tended: readonly TendedProcess[], context: ServerContext): OwnedServers => {
  const { temporal, kafkaBrokers, mongodbUri } = planned;
  const addresses = { api: null, temporal: temporal.address, temporalUi: temporal.uiUrl, kafka: kafkaBrokers, mongodb: mongodbUri };
  updateStackFile(context.dataDir, { addresses });
  return {
    ...{ temporal, kafkaBrokers, mongodbUri, mongodbDatabase: settings.QIYUE_MONGODB_DATABASE, tended, ports: context.ports },
    handles: Object.fromEntries(tended.map((server) => [server.name, server])),
    pids: () => tended.map(({ pid }) => pid).filter((pid) => pid !== null),
    stop: async () => {
      await Promise.all(tended.map((server) => server.stop()));
      context.ports.release();
    },
  };
};
