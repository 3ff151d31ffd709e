import { MongoClient, type Db } from 'mongodb';
import { mongoSecurityOf, type SomeSecurity } from '../config/security';

export interface MongoSettings extends SomeSecurity {
  readonly QIYUE_MONGODB_URI: string;
  readonly QIYUE_MONGODB_DATABASE: string;
}

/**
 * A client under which acknowledged means kept: majority and journal, whatever the address says. A server that is away
 * is noticed in two seconds, so that what can go on without it does. Connects with the first operation: a process must
 * start also while MongoDB is away.
 */
export const openMongo = (settings: MongoSettings): { readonly client: MongoClient; readonly db: Db } => {
  const client = new MongoClient(settings.QIYUE_MONGODB_URI, {
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    serverSelectionTimeoutMS: 2_000,
    socketTimeoutMS: 20_000,
    maxPoolSize: 20,
    appName: 'qiyue',
    ...mongoSecurityOf(settings),
  });
  return { client, db: client.db(settings.QIYUE_MONGODB_DATABASE) };
};

/** The same, connected: for tools that can do nothing without it. */
export const connectMongo = async (settings: MongoSettings): Promise<{ readonly client: MongoClient; readonly db: Db }> => {
  const opened = openMongo(settings);
  await opened.client.connect();
  return opened;
};
