import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replaceFile } from '../base/json-file';
import { dataDirOf, readStackEnvironment } from '../base/settings';

/** Where checkpoints of the ledger are kept, and the key that signs them. */
export interface EvidenceEnvironment {
  readonly QIYUE_CHECKPOINTS: string;
  readonly QIYUE_CHECKPOINT_KEY: string;
}

/** The environment's own, or a folder and a key in the data folder; the key is made once, and readable by its user alone. */
export const ensureEvidence = (dataDir: string | undefined, env: NodeJS.ProcessEnv = process.env): EvidenceEnvironment => {
  const { QIYUE_CHECKPOINTS, QIYUE_CHECKPOINT_KEY } = readStackEnvironment(env);
  const folder = resolve(dataDir ?? dataDirOf(env));
  const key = QIYUE_CHECKPOINT_KEY ?? join(folder, 'auth', 'checkpoint-key.pem');
  if (QIYUE_CHECKPOINT_KEY === undefined && !existsSync(key)) {
    replaceFile(key, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
  }
  return { QIYUE_CHECKPOINTS: QIYUE_CHECKPOINTS ?? join(folder, 'checkpoints'), QIYUE_CHECKPOINT_KEY: key };
};
