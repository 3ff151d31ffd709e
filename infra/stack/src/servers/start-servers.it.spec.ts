import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { silentLog } from '../base/stack-log';
import { readStackFile } from '../base/stack-file';
import { emptyFolder, removeEmptyFolders, StackWorld } from '../testing/stack-world';
import { startServers, type Servers } from './start-servers';

jest.setTimeout(120_000);

const opened: { close(): unknown }[] = [];
const inFolder = (world: StackWorld, env: NodeJS.ProcessEnv = process.env): Promise<Servers> =>
  startServers({ dataDir: world.dataDir, log: silentLog, env });
const newWorld = (): StackWorld => {
  const world = new StackWorld();
  opened.push({ close: () => world.end() });
  return world;
};
const running = async (world: StackWorld, env?: NodeJS.ProcessEnv): Promise<Servers> => {
  const servers = await inFolder(world, env);
  opened.push({ close: () => servers.stop() });
  return servers;
};

const listenOn = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

afterAll(removeEmptyFolders);
describe('the servers of a data folder', () => {
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  });

  it('run beside those of another folder, each on ports of its own', async () => {
    const [one, other] = await Promise.all([running(newWorld()), running(newWorld())]);
    const addresses = [one, other].flatMap(({ temporal, kafkaBrokers, mongodbUri }) => [temporal.address, temporal.uiUrl, kafkaBrokers, mongodbUri]);
    expect(new Set(addresses).size).toBe(8);
    expect(new Set([...one.pids(), ...other.pids()]).size).toBe(6);
  });

  it('have every topic, with events that are never deleted or compacted', async () => {
    const servers = await running(newWorld());
    const admin = new Kafka({ brokers: [servers.kafkaBrokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    opened.push({ close: () => admin.disconnect() });
    const names = ['qiyue.need.commands', 'qiyue.need.commands.dead', 'qiyue.need.events', 'qiyue.need.events.dead'];
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    expect(topics.map(({ partitions }) => partitions.length)).toEqual([6, 6, 6, 6]);
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: 'qiyue.need.events' }] });
    const settings = Object.fromEntries((resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]));
    expect(settings).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' });
  });

  it('keep their ports over a restart, and move when one has been taken', async () => {
    const world = newWorld();
    const first = await inFolder(world);
    await first.stop();
    const again = await inFolder(world);
    expect([again.temporal, again.kafkaBrokers, again.mongodbUri]).toEqual([first.temporal, first.kafkaBrokers, first.mongodbUri]);
    await again.stop();

    const { kafka, mongodb } = readStackFile(world.dataDir).ports;
    opened.push(await listenOn(kafka ?? 0), await listenOn(mongodb ?? 0));
    const moved = await running(world);
    expect(moved.temporal).toEqual(first.temporal);
    expect(moved.kafkaBrokers).not.toBe(first.kafkaBrokers);
    expect(moved.mongodbUri).not.toBe(first.mongodbUri);
  });

  it('are refused to a second owner', async () => {
    const world = newWorld();
    await running(world);
    await expect(inFolder(world)).rejects.toThrow(/another process runs its servers/);
  });

  it('are those that the environment names, checked, and never stopped', async () => {
    const theirs = await running(newWorld());
    const env = {
      ...process.env,
      QIYUE_TEMPORAL_ADDRESS: theirs.temporal.address,
      QIYUE_KAFKA_BROKERS: theirs.kafkaBrokers,
      QIYUE_MONGODB_URI: theirs.mongodbUri,
    };
    const ours = await inFolder(newWorld(), env);
    expect(ours).toMatchObject({ temporal: { address: theirs.temporal.address, uiUrl: null }, kafkaBrokers: theirs.kafkaBrokers, handles: {} });
    await ours.stop();
    expect(theirs.pids()).toHaveLength(3);
    await theirs.handles.kafka?.kill();
    await expect(inFolder(newWorld(), env)).rejects.toThrow(/QIYUE_KAFKA_BROKERS names .* which does not serve/);
  });

  it('say in one sentence which tool is missing and what to do instead', async () => {
    const env = { PATH: emptyFolder(), HOME: emptyFolder(), QIYUE_CACHE_DIR: join(emptyFolder(), 'cache') };
    const refusal = await inFolder(newWorld(), env).catch((error: unknown) => String(error));
    expect(refusal).toMatch(
      /Temporal cannot be started.* Go 1\.25 or newer \(https:.*`go` is not on the PATH.*QIYUE_TEMPORAL_ADDRESS.*`temporal`.*Docker$/,
    );
  });
});
