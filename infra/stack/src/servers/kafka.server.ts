import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readIfThere, replaceFile } from '../base/json-file';
import { cacheDirOf } from '../base/settings';
import { messageOf, StackError } from '../base/stack-error';
import { silentLog } from '../base/stack-log';
import type { ProcessPlan } from '../base/tended-process';
import { findProgram } from '../programs/find-program';
import { kafkaRecipe } from '../programs/recipes';
import { probeKafka } from './kafka-topics';
import { containerPlan, findOrigin, logFileOf, serverFolder, type ProgramContext, type ServerContext } from './server-context';

export interface KafkaServer {
  readonly plan: ProcessPlan;
  readonly brokers: string;
}

interface KafkaScripts {
  readonly start: string;
  readonly storage: string;
}

/** Where the official image keeps its data; it runs as its own user only. */
const IMAGE_DATA = '/var/lib/kafka/data';
const FORMAT_BOUND_MS = 60_000;
const TEN_YEARS_MINUTES = 5_256_000;
const run = promisify(execFile);

/** One broker that is its own controller. Clients are told 127.0.0.1, also by a container, whose port is open there. */
const propertiesOf = (port: number, controllerPort: number, logDir: string, listenOn = '127.0.0.1'): Record<string, string> => ({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  listeners: `PLAINTEXT://${listenOn}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  // A killed broker may register again only when its old session is over (9 s by default).
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
  'log.dirs': logDir,
  'auto.create.topics.enable': 'false',
  'default.replication.factor': '1',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '10',
  // A machine that was off for a fortnight must not forget what its consumers have read.
  'offsets.retention.minutes': String(TEN_YEARS_MINUTES),
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  // Nobody of ours uses them; one left open holds up every other reader that waits for its end.
  'transaction.max.timeout.ms': '15000',
  'group.initial.rebalance.delay.ms': '0',
});

export const findKafka = (context: ProgramContext) => findOrigin(kafkaRecipe, scriptsOnPath(context.env), context);

export const planKafka = async (context: ServerContext): Promise<KafkaServer> => {
  const { dataDir, env, ports } = context;
  const origin = await findKafka(context);
  const [port, controllerPort] = [await ports.choose('kafka'), await ports.choose('kafkaController')];
  const brokers = `127.0.0.1:${port}`;
  const common = {
    name: 'kafka',
    kind: 'server',
    logFile: logFileOf(dataDir, 'kafka'),
    stopSignal: 'SIGTERM',
    probe: () => probeKafka(brokers),
  } as const;
  if (origin.via === 'docker') {
    const properties = propertiesOf(port, controllerPort, IMAGE_DATA, '0.0.0.0');
    const container = {
      docker: origin.docker,
      name: 'kafka',
      image: kafkaRecipe.image,
      ports: [port],
      dataDir,
      mountedAt: IMAGE_DATA,
      volume: true,
    } as const;
    return { brokers, plan: { ...common, env, ...containerPlan({ ...container, env: asVariables(properties, clusterIdOf(dataDir)), args: [] }) } };
  }
  const folder = serverFolder(dataDir, 'kafka');
  const config = join(folder, 'server.properties');
  const program = origin.via === 'path' ? fromScripts(origin.program, config) : fromJars(env, origin.folder, config);
  const prepare = (): Promise<void> =>
    format(folder, propertiesOf(port, controllerPort, join(folder, 'log')), program.storage, env, clusterIdOf(dataDir));
  const heap = { KAFKA_HEAP_OPTS: '-Xmx512m', LOG_DIR: join(dataDir, 'logs') };
  return { brokers, plan: { ...common, env: { ...heap, ...env }, ...program.start, prepare } };
};

interface Command {
  readonly command: string;
  readonly args: readonly string[];
}
export interface KafkaProgram {
  readonly start: Command;
  readonly storage: Command;
}

/** How a broker with a configuration of one's own is formatted and started; null where only Docker has one. */
export const kafkaProgram = async (env: NodeJS.ProcessEnv, config: string): Promise<KafkaProgram | null> => {
  const origin = await findKafka({ env, cacheDir: cacheDirOf(env), log: silentLog });
  if (origin.via === 'docker') return null;
  return origin.via === 'path' ? fromScripts(origin.program, config) : fromJars(env, origin.folder, config);
};

const scriptsOnPath = (env: NodeJS.ProcessEnv): KafkaScripts | null => {
  const start = findProgram(env, 'kafka-server-start.sh', 'kafka-server-start');
  const storage = findProgram(env, 'kafka-storage.sh', 'kafka-storage');
  return start === null || storage === null ? null : { start, storage };
};

const fromScripts = ({ start, storage }: KafkaScripts, config: string): KafkaProgram => ({
  start: { command: start, args: [config] },
  storage: { command: storage, args: [] },
});

const fromJars = (env: NodeJS.ProcessEnv, folder: string, config: string): KafkaProgram => {
  const command = findProgram(env, 'java') ?? 'java';
  const classPath = ['-cp', join(folder, 'lib', '*')];
  const options = ['-Xmx512m', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true'];
  return {
    start: { command, args: [...options, ...classPath, 'kafka.Kafka', config] },
    storage: { command, args: [...classPath, 'kafka.tools.StorageTool'] },
  };
};

/** The cluster's id is made once per data folder and kept beside its data. */
const clusterIdOf = (dataDir: string): string => {
  const path = join(serverFolder(dataDir, 'kafka'), 'cluster-id');
  const kept = readIfThere(path);
  if (kept !== null) return kept;
  const bytes = randomBytes(16);
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f); // Kafka's tool takes an id that begins with "-" for an option
  const made = bytes.toString('base64url');
  replaceFile(path, made);
  return made;
};

const format = async (
  folder: string,
  properties: Record<string, string>,
  storage: Command,
  env: NodeJS.ProcessEnv,
  clusterId: string,
): Promise<void> => {
  const config = join(folder, 'server.properties');
  writeFileSync(
    config,
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  if (existsSync(join(folder, 'log', 'meta.properties'))) return;
  const args = [...storage.args, 'format', '--ignore-formatted', '-t', clusterId, '-c', config];
  await run(storage.command, args, { env, timeout: FORMAT_BOUND_MS }).catch((error: unknown) => {
    throw new StackError(`Kafka's data folder ${folder} could not be formatted: ${messageOf(error)}`);
  });
};

/** The official image takes `a.b` as `KAFKA_A_B`. */
const asVariables = (properties: Record<string, string>, clusterId: string): Record<string, string> => ({
  CLUSTER_ID: clusterId,
  ...Object.fromEntries(Object.entries(properties).map(([key, value]) => [`KAFKA_${key.toUpperCase().replaceAll('.', '_')}`, value])),
});
