import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient, MongoServerError } from 'mongodb';
import type { ProcessPlan } from '../base/tended-process';
import { findProgram } from '../programs/find-program';
import { mongodbRecipe } from '../programs/recipes';
import { containerPlan, findOrigin, logFileOf, serverFolder, type ProgramContext, type ServerContext } from './server-context';

export interface MongodbServer {
  readonly plan: ProcessPlan;
  readonly uri: string;
}

const PROBE_BOUND_MS = 5000;
const REPLICA_SET = 'qiyue';
const NOT_YET_INITIALIZED = 94;
const INVALID_CONFIG = 93;

/** Acknowledged means on disk; one server is addressed directly, so that no name inside a container matters. */
const uriOf = (port: number): string => `mongodb://127.0.0.1:${port}/?directConnection=true&w=majority&journal=true`;

export const findMongodb = (context: ProgramContext) => findOrigin(mongodbRecipe, findProgram(context.env, 'mongod'), context);

export const planMongodb = async (context: ServerContext, database: string): Promise<MongodbServer> => {
  const { dataDir, env, ports } = context;
  const origin = await findMongodb(context);
  const port = await ports.choose('mongodb');
  const uri = uriOf(port);
  const folder = serverFolder(dataDir, 'mongodb');
  const common = { name: 'mongodb', kind: 'server', env, logFile: logFileOf(dataDir, 'mongodb'), stopSignal: 'SIGTERM' } as const;
  const probe = async (): Promise<void> => {
    if (origin.via !== 'build') await initiateReplicaSet(port);
    await probeMongodb(uri, database);
  };
  switch (origin.via) {
    case 'docker': {
      const args = ['mongod', ...mongodArgs(port, '/data/db'), '--bind_ip_all'];
      return {
        uri,
        plan: {
          ...common,
          probe,
          ...containerPlan({
            docker: origin.docker,
            name: 'mongodb',
            image: mongodbRecipe.image,
            ports: [port],
            dataDir,
            mountedAt: '/data/db',
            args,
          }),
        },
      };
    }
    case 'path':
      return { uri, plan: { ...common, probe, command: origin.program, args: [...mongodArgs(port, folder), '--bind_ip', '127.0.0.1'] } };
    case 'build':
      return { uri, plan: { ...common, probe, command: join(origin.folder, mongodbRecipe.proof), args: secantusArgs(port, folder) } };
  }
};

const mongodArgs = (port: number, folder: string): string[] => [
  '--replSet',
  REPLICA_SET,
  '--port',
  String(port),
  '--dbpath',
  folder,
  '--wiredTigerCacheSizeGB',
  '0.25',
];

const secantusArgs = (port: number, folder: string): string[] => {
  // Naming a file, even an empty one, keeps it from reading settings that lie about on this machine.
  const config = join(folder, 'secantusd.toml');
  writeFileSync(config, '');
  return [
    ...['--config', config, '--host', '127.0.0.1', '--port', String(port), '--storage-path', join(folder, 'data')],
    ...['--cache-size', '256M', '--log-file-max', '16MB', '--sync-on-commit', '--log-level', 'WARNING'],
  ];
};

const withClient = async <T>(uri: string, use: (client: MongoClient) => Promise<T>): Promise<T> => {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: PROBE_BOUND_MS,
    connectTimeoutMS: PROBE_BOUND_MS,
    socketTimeoutMS: PROBE_BOUND_MS,
  });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
};

/** Throws unless a majority write is taken, which a server without a primary refuses. */
export const probeMongodb = (uri: string, database: string): Promise<void> =>
  withClient(uri, async (client) => {
    await client.db('admin').command({ ping: 1 });
    const probes = client.db(database).collection<{ _id: string; at: Date }>('stack_probes', { writeConcern: { w: 'majority', journal: true } });
    await probes.replaceOne({ _id: 'stack' }, { at: new Date() }, { upsert: true });
  });

const initiateReplicaSet = (port: number): Promise<void> =>
  withClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, async (client) => {
    const admin = client.db('admin');
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    try {
      await admin.command({ replSetGetStatus: 1 });
    } catch (error) {
      if (!(error instanceof MongoServerError)) throw error;
      if (error.code === NOT_YET_INITIALIZED) await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } });
      else if (error.code === INVALID_CONFIG) await moveReplicaSet(client, members);
      else throw error;
    }
  });

// The set knows its member by address: after a start on another port it does not find itself in it any more.
const moveReplicaSet = async (client: MongoClient, members: readonly object[]): Promise<void> => {
  const kept = await client.db('local').collection<{ _id: string; version: number }>('system.replset').findOne({ _id: REPLICA_SET });
  if (kept === null) throw new Error('the replica set has no configuration');
  await client.db('admin').command({ replSetReconfig: { ...kept, version: kept.version + 1, members }, force: true });
};
