import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaProgram } from '@qiyue/stack';
import type { Certificates } from './certificates';

const run = promisify(execFile);

/** A real broker that lets nobody in without TLS, a certificate and a password. */
export class SecuredKafka {
  private constructor(
    readonly broker: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(folder: string, { ca, server }: Certificates, user: string, password: string): Promise<SecuredKafka> {
    const [port, inner, controller] = [await freePort(), await freePort(), await freePort()];
    const properties = {
      ...{ 'process.roles': 'broker,controller', 'node.id': '1', 'controller.quorum.voters': `1@127.0.0.1:${controller}` },
      listeners: `SASL_SSL://127.0.0.1:${port},INNER://127.0.0.1:${inner},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': `SASL_SSL://127.0.0.1:${port},INNER://127.0.0.1:${inner}`,
      'listener.security.protocol.map': 'SASL_SSL:SASL_SSL,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT',
      ...{ 'controller.listener.names': 'CONTROLLER', 'inter.broker.listener.name': 'INNER', 'log.dirs': join(folder, 'log') },
      ...{ 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': server.both, 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': ca },
      ...{ 'listener.name.sasl_ssl.ssl.client.auth': 'required', 'sasl.enabled.mechanisms': 'PLAIN' },
      'listener.name.sasl_ssl.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${user}="${password}";`,
      ...{ 'offsets.topic.replication.factor': '1', 'offsets.topic.num.partitions': '2', 'group.initial.rebalance.delay.ms': '0' },
    };
    mkdirSync(folder, { recursive: true });
    const config = join(folder, 'server.properties');
    writeFileSync(
      config,
      Object.entries(properties)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
    const program = await kafkaProgram(process.env, config);
    if (program === null) throw new Error('no Kafka program on this machine');
    const id = Buffer.concat([Buffer.from([1]), randomBytes(15)]).toString('base64url');
    await run(program.storage.command, [...program.storage.args, 'format', '-t', id, '-c', config]);
    const log = openSync(join(folder, 'kafka.log'), 'a');
    return new SecuredKafka(`127.0.0.1:${port}`, spawn(program.start.command, [...program.start.args], { stdio: ['ignore', log, log] }));
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await ended;
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
