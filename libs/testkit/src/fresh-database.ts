import { randomBytes } from 'node:crypto';
import { LedgerStore } from '@qiyue/engine-runtime';
import { openMongo } from '@qiyue/platform';
import { serversFromEnv } from './engine-bench';

/** A database of its own on the running MongoDB, with the ledger's indexes; `drop` removes it and closes. */
export const freshStore = async (): Promise<{ readonly store: LedgerStore; readonly drop: () => Promise<void> }> => {
  const { client, db } = openMongo({ QIYUE_MONGODB_URI: serversFromEnv().mongodb, QIYUE_MONGODB_DATABASE: `test_${randomBytes(6).toString('hex')}` });
  const store = new LedgerStore(db);
  await store.ensureIndexes();
  return {
    store,
    drop: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
};
