import { CheckpointFolder, connectMongo, loadSigningKey } from '@qiyue/adapters';
import { LedgerStore, type SigningKey } from '@qiyue/engine-runtime';
import { ensureEvidence, statusOf } from '@qiyue/stack';
import { CliError, dataDir } from '../context';

/** The ledger of the running stack, or of the MongoDB that the environment names. */
export const withStore = async <T>(work: (store: LedgerStore) => Promise<T>): Promise<T> => {
  const uri = process.env['QIYUE_MONGODB_URI'] ?? statusOf(dataDir()).mongodb;
  if (uri === null) throw new CliError('no MongoDB: start the system with `npx qiyue up --detach`, or set QIYUE_MONGODB_URI');
  const { client, db } = await connectMongo({ QIYUE_MONGODB_URI: uri, QIYUE_MONGODB_DATABASE: process.env['QIYUE_MONGODB_DATABASE'] ?? 'qiyue' });
  try {
    return await work(new LedgerStore(db));
  } finally {
    await client.close();
  }
};

/** Brokers of the running stack, or those that the environment names; null when there are none. */
export const brokers = (): readonly string[] | null => {
  const named = process.env['QIYUE_KAFKA_BROKERS'] ?? statusOf(dataDir()).kafka;
  return named === null ? null : named.split(',');
};

export const checkpointFolder = (): CheckpointFolder => new CheckpointFolder(ensureEvidence(dataDir()).QIYUE_CHECKPOINTS);

/** The key that signs: the one that the environment names, else the local stack's own. */
export const signingKey = async (): Promise<SigningKey> => {
  const path = ensureEvidence(dataDir()).QIYUE_CHECKPOINT_KEY;
  return loadSigningKey(path).catch(() => {
    throw new CliError(`${path}: holds no Ed25519 private key in PEM`);
  });
};
