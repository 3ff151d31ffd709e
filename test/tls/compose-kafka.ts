import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { kafkaProgram } from '@qiyue/stack';
import { parse } from 'yaml';
import { freePort } from './secured-kafka';

const run = promisify(execFile);
const COMPOSE = resolve(__dirname, '../../infra/compose.yaml');

interface ComposeFile {
  readonly services: Readonly<Record<'kafka', { readonly environment: Readonly<Record<string, string>> }>>;
}

/** The image turns `KAFKA_A_B` into the property `a.b`. */
const propertyOf = (name: string): string =>
  name
    .replace(/^KAFKA_/, '')
    .toLowerCase()
    .replaceAll('_', '.');

/** The broker of compose.yaml on this machine: its own settings and secrets, other ports and folders. */
export class ComposeKafka {
  private constructor(
    readonly broker: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(folder: string, secrets: string): Promise<ComposeKafka> {
    const { environment } = (parse(readFileSync(COMPOSE, 'utf8'), { merge: true }) as ComposeFile).services.kafka;
    const [port, inner, controller] = [await freePort(), await freePort(), await freePort()];
    const placed = (value: string): string =>
      value
        .replaceAll('/run/secrets/kafka-jaas', join(secrets, 'kafka-jaas'))
        .replaceAll('/run/secrets/kafka-server', join(secrets, 'kafka-server.pem'))
        .replaceAll('/run/secrets/ca', join(secrets, 'ca.pem'))
        .replaceAll('/var/lib/kafka/data', join(folder, 'log'))
        .replaceAll('//kafka:9092', `//localhost:${port}`)
        .replaceAll('//:9092', `//127.0.0.1:${port}`)
        .replaceAll(':9094', `:${inner}`)
        .replaceAll(':9093', `:${controller}`);
    const { CLUSTER_ID: clusterId = '', KAFKA_OPTS: options = '', ...settings } = environment;
    mkdirSync(folder, { recursive: true });
    const config = join(folder, 'server.properties');
    writeFileSync(
      config,
      Object.entries(settings)
        .map(([name, value]) => `${propertyOf(name)}=${placed(value)}\n`)
        .join(''),
    );
    const program = await kafkaProgram(process.env, config);
    if (program === null) throw new Error('no Kafka program on this machine');
    await run(program.storage.command, [...program.storage.args, 'format', '-t', clusterId, '-c', config]);
    const log = openSync(join(folder, 'kafka.log'), 'a');
    const env = { ...process.env, JAVA_TOOL_OPTIONS: placed(options) };
    return new ComposeKafka(`localhost:${port}`, spawn(program.start.command, [...program.start.args], { stdio: ['ignore', log, log], env }));
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGKILL');
    await ended;
  }
}
