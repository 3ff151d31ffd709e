import { readFile } from 'node:fs/promises';
import { toShanghaiIso } from '@qiyue/engine';
import {
  makeCheckpoint,
  openCheckpoint,
  readSigningKey,
  type ChainFault,
  type Checkpoint,
  type Finding,
  type LedgerStore,
  type PublicKey,
  type SignedCheckpoint,
  type SigningKey,
} from '@qiyue/engine-runtime';
import type { EventBus } from '../kafka/event-bus';
import { AuditLog } from './audit-log';
import type { CheckpointFolder } from './checkpoint-folder';

export const CHECKPOINT_TOPIC = 'qiyue.audit.checkpoints';

export interface KeepOptions {
  readonly store: LedgerStore;
  readonly folder: CheckpointFolder;
  readonly key: SigningKey;
  /** Its second copy goes to the topic; without a bus there is none. */
  readonly bus?: EventBus;
  /** From the next one on, this key signs. */
  readonly nextKey?: PublicKey;
}
/** `broken`: the folder's own chain does not hold. `findings`: the ledger is not what it was, so nothing was signed. */
export type Kept =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly published: boolean }
  | { readonly ok: false; readonly why: 'broken'; readonly fault: ChainFault }
  | { readonly ok: false; readonly why: 'other-key'; readonly expected: string }
  | { readonly ok: false; readonly why: 'findings'; readonly findings: readonly Finding[] };

const ATTEMPTS = 5;

/** Throws what Node says of a file that holds no Ed25519 key. */
export const loadSigningKey = async (path: string): Promise<SigningKey> => readSigningKey(await readFile(path, 'utf8'));

/** Makes the next checkpoint, keeps it in the folder, then on the topic. Two at once make two, one behind the other. */
export const keepCheckpoint = async (options: KeepOptions): Promise<Kept> => {
  const { folder, key, store, bus } = options;
  for (let attempt = 1; ; attempt += 1) {
    if ((await folder.trustedKey()) === null) await folder.trust(key.public);
    const read = await folder.read();
    if (read === null) throw new Error('the folder has lost its key');
    if (read.fault !== null) return { ok: false, why: 'broken', fault: read.fault };
    if (read.chain.nextKey.keyId !== key.public.keyId) return { ok: false, why: 'other-key', expected: read.chain.nextKey.keyId };
    const made = await makeCheckpoint(store, read.chain, key, {
      now: toShanghaiIso(Date.now()),
      ...(options.nextKey === undefined ? {} : { nextKey: options.nextKey }),
    });
    if (!made.ok) return { ok: false, why: 'findings', findings: made.findings };
    if (await folder.append(made.signed)) {
      const checkpoint = openCheckpoint(made.signed);
      if (checkpoint === null) throw new Error('what was signed is no checkpoint');
      await new AuditLog(store.db).noteCheckpoint(store.apart);
      return { ok: true, checkpoint, published: bus !== undefined && (await publish(bus, `${store.apart}${checkpoint.n}`, made.signed)) };
    }
    if (attempt === ATTEMPTS) throw new Error('others were always first');
  }
};

/** The folder is the evidence; the topic a second copy, which may be late. Keys: `7` for needs, `audit7` for the ledger of facts. */
const publish = async (bus: EventBus, key: string, signed: SignedCheckpoint): Promise<boolean> => {
  const publisher = bus.publisher();
  try {
    await publisher.send(CHECKPOINT_TOPIC, [{ key, value: JSON.stringify(signed) }]);
    return true;
  } catch {
    return false;
  } finally {
    await publisher.close();
  }
};
