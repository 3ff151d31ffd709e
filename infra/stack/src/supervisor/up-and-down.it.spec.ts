import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { mintToken } from '../auth/local-auth';
import { readJson } from '../base/json-file';
import { startMarkOf } from '../base/process-identity';
import { silentLog } from '../base/stack-log';
import { until } from '../base/wait';
import { buildStack, killNow, StackWorld } from '../testing/stack-world';
import { down } from './down';
import { statusOf, type StackStatus } from './status';
import { up } from './up';

jest.setTimeout(180_000);

let world: StackWorld;
const start = (...names: string[]) => up({ ...world.options(...names), detach: true });
const living = (pids: readonly number[]): number[] => pids.filter((pid) => startMarkOf(pid) !== null);
const pidOf = (name: string): number | null => statusOf(world.dataDir).processes.find((entry) => entry.name === name)?.pid ?? null;

const withDatabase = async <T>(uri: string | null, use: (client: MongoClient) => Promise<T>): Promise<T> => {
  const client = new MongoClient(uri ?? '');
  try {
    return await use(client);
  } finally {
    await client.close();
  }
};
const remember = (status: StackStatus) => withDatabase(status.mongodb, (client) => client.db('qiyue').collection('kept').insertOne({ word: 'kept' }));
const remembered = (status: StackStatus) => withDatabase(status.mongodb, (client) => client.db('qiyue').collection('kept').countDocuments());

const restarted = (name: string, before: number): Promise<StackStatus> =>
  until(
    () => {
      const status = statusOf(world.dataDir);
      const entry = status.processes.find((process) => process.name === name);
      return entry?.state === 'running' && entry.pid !== null && entry.pid !== before ? status : null;
    },
    { boundMs: 60_000, what: `${name} to be started again` },
  );

beforeAll(buildStack);
describe('the local stack', () => {
  afterEach(() => world.end());

  it('starts anew what runs and gives no sign of life, when it is brought up again', async () => {
    world = new StackWorld();
    await start('worker', 'relay');
    const [hung, sound] = [pidOf('relay') ?? 0, pidOf('worker')];
    process.kill(hung, 'SIGSTOP');
    const again = await start('worker', 'relay');
    expect(again.already).toBe(true);
    expect(again.status.processes.find(({ name }) => name === 'relay')).toMatchObject({ state: 'running' });
    expect(living([hung])).toEqual([]);
    expect([pidOf('relay') === hung, pidOf('worker')]).toEqual([false, sound]);
  });

  it('comes up, says so twice and makes again what was deleted meanwhile, and goes down leaving no process behind', async () => {
    world = new StackWorld();
    const first = await start('worker', 'relay', 'api');
    expect(first).toMatchObject({ already: false, status: { state: 'up' } });
    expect(first.status.processes.map(({ name, state }) => `${name} ${state}`).toSorted()).toEqual(
      ['api', 'kafka', 'mongodb', 'relay', 'temporal', 'worker'].map((name) => `${name} running`),
    );
    const pids = world.pids();
    const kafka = new Kafka({ brokers: [first.status.kafka ?? ''], logLevel: logLevel.NOTHING }).admin();
    await kafka.connect();
    await kafka.deleteTopics({ topics: ['qiyue.need.commands'] });
    expect(await start('worker', 'relay', 'api')).toMatchObject({ already: true, status: { supervisor: first.status.supervisor } });
    expect(world.pids()).toEqual(pids);
    expect(await kafka.listTopics()).toContain('qiyue.need.commands');
    await kafka.disconnect();

    expect(await down({ dataDir: world.dataDir, log: silentLog })).toEqual({ wasRunning: true });
    expect(living(pids)).toEqual([]);
    expect(statusOf(world.dataDir)).toMatchObject({ state: 'down', api: null, processes: [] });
    expect(world.traced().slice(-3)).toEqual(['api stopped', 'relay stopped', 'worker stopped']);
    expect(await down({ dataDir: world.dataDir, log: silentLog })).toEqual({ wasRunning: false });
  });

  it('gives its processes every address, and keys with which its tokens are good', async () => {
    world = new StackWorld();
    const { status } = await start('api');
    const env = world.environmentOf('api');
    expect(env).toMatchObject({
      QIYUE_TEMPORAL_ADDRESS: status.temporal,
      QIYUE_TEMPORAL_NAMESPACE: 'default',
      QIYUE_KAFKA_BROKERS: status.kafka,
      QIYUE_MONGODB_URI: status.mongodb,
      QIYUE_MONGODB_DATABASE: 'qiyue',
      QIYUE_JWT_ISSUER: 'https://qiyue.local',
      QIYUE_JWT_AUDIENCE: 'qiyue',
    });
    expect(status.api).toBe(`http://127.0.0.1:${env['QIYUE_API_PORT']}`);
    expect(status.mongodb).toMatch(/w=majority&journal=true/);
    const token = await mintToken({ dataDir: world.dataDir, actor: 'zhang', role: 'department', unit: '住建局' });
    const keys = createLocalJWKSet(readJson(env['QIYUE_JWKS'] ?? '') as Parameters<typeof createLocalJWKSet>[0]);
    const { payload } = await jwtVerify(token, keys, { issuer: 'https://qiyue.local', audience: 'qiyue' });
    expect(payload).toMatchObject({ sub: 'zhang', role: 'department', unit: '住建局' });
    expect(statSync(join(world.dataDir, 'auth', 'private-key.pem')).mode & 0o777).toBe(0o600);
  });

  it('starts again on the same data after its supervisor was killed', async () => {
    world = new StackWorld();
    const { status } = await start('worker');
    await remember(status);
    const before = world.pids();
    killNow(status.supervisor);
    await until(() => living([status.supervisor ?? 0]).length === 0, { boundMs: 5000, what: 'the supervisor to be gone' });
    expect(statusOf(world.dataDir).state).toBe('down');
    expect(living(before)).toHaveLength(before.length - 1);

    const again = await start('worker');
    expect(living(before)).toEqual([]);
    expect(again.status).toMatchObject({ state: 'up', mongodb: status.mongodb, kafka: status.kafka, temporal: status.temporal });
    expect(await remembered(again.status)).toBe(1);
  });

  it('goes down after its supervisor was killed', async () => {
    world = new StackWorld();
    const { status } = await start('worker');
    const pids = world.pids();
    killNow(status.supervisor);
    expect(await down({ dataDir: world.dataDir, log: silentLog })).toEqual({ wasRunning: true });
    expect(living(pids)).toEqual([]);
  });

  it('starts again what was killed, on the same port and data', async () => {
    world = new StackWorld();
    const { status } = await start('worker');
    await remember(status);
    for (const name of ['worker', 'mongodb', 'temporal', 'kafka']) {
      const before = pidOf(name) ?? 0;
      killNow(before);
      expect(await restarted(name, before)).toMatchObject({ state: 'up', mongodb: status.mongodb, kafka: status.kafka });
    }
    expect(await remembered(status)).toBe(1);
  });

  it('in front of a terminal ends with Ctrl-C, and takes everything along', async () => {
    world = new StackWorld();
    const main = join(__dirname, '../../dist/index.js');
    const script = `require(process.argv[1]).up({ ...JSON.parse(process.argv[2]), detach: false }).then(() => process.exit(0))`;
    const { log: _silent, ...options } = world.options('worker');
    const child = spawn(process.execPath, ['-e', script, main, JSON.stringify(options)], { stdio: 'ignore', env: process.env }); // this file's environment, not the run's
    await until(() => statusOf(world.dataDir).state === 'up', { boundMs: 60_000, what: 'the stack to be up' });
    const pids = world.pids();
    child.kill('SIGINT');
    child.kill('SIGINT');
    await once(child, 'exit');
    expect([child.exitCode, living(pids)]).toEqual([0, []]);
    expect(world.traced()).toEqual(['worker started', 'worker stopped']);
  });

  it('says why when a process does not start, and leaves nothing running', async () => {
    world = new StackWorld();
    const script = join(world.dataDir, 'broken.cjs');
    writeFileSync(script, "console.error('no such setting'); process.exit(3);");
    const broken = up({ ...world.options(), processes: [{ name: 'api', script }], detach: true });
    await expect(broken).rejects.toThrow(/api ended while it started[^]*no such setting/);
    expect(living(world.pids())).toEqual([]);
    expect(statusOf(world.dataDir)).toMatchObject({ state: 'down', error: expect.stringContaining('no such setting') });
  });

  it('ends what runs so far when it is stopped while it starts', async () => {
    world = new StackWorld();
    const starting = start('worker').catch((error: unknown) => error);
    await until(() => statusOf(world.dataDir).processes.some(({ pid }) => pid !== null), { boundMs: 30_000, everyMs: 10, what: 'a first process' });
    const pids = world.pids();
    await down({ dataDir: world.dataDir, log: silentLog });
    expect(await starting).toBeInstanceOf(Error);
    expect(living([...pids, ...world.pids()])).toEqual([]);
  });
});
