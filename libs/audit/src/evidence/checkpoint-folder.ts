import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointChain, openCheckpoint, type ChainFault, type PublicKey, type SignedCheckpoint } from '@qiyue/engine-runtime';
import { z } from 'zod';

const DIGITS = 9;
const NAME = new RegExp(`^\\d{${DIGITS}}\\.json$`);
const TRUSTED_KEY = 'trusted-key.json';
const publicKey = z.strictObject({ keyId: z.string().min(1), ed25519: z.string().min(1) });

/** The ledger of facts has checkpoints of its own, in a folder beside those of the needs. */
export const auditCheckpoints = (path: string): CheckpointFolder => new CheckpointFolder(join(path, 'audit'));

/** A chain as it was read, and where it stops to hold. `n`: how many files there are. */
export interface ReadChain {
  readonly chain: CheckpointChain;
  readonly fault: ChainFault | null;
  readonly signed: SignedCheckpoint | null;
  readonly n: number;
}

/**
 * Checkpoints as files, one each, `000000001.json` and so on, beside the public key that signed the first. Files are only ever
 * added, never changed, so the folder may be a mount that can be written once. A file is there whole or not at all, whenever the machine
 * stops: it is written under another name and gets its own when it is on the disk.
 */
export class CheckpointFolder {
  constructor(readonly path: string) {}

  /** The key that the first checkpoint must be signed by; null in a folder without any. Throws for a file that holds no key. */
  async trustedKey(): Promise<PublicKey | null> {
    const text = await readFile(join(this.path, TRUSTED_KEY), 'utf8').catch(nullWhenMissing);
    return text === null ? null : publicKey.parse(JSON.parse(text));
  }

  /** Names the key of a folder that has none. */
  async trust(key: PublicKey): Promise<void> {
    await this.add(TRUSTED_KEY, key);
  }

  /** Null in a folder without a key. `upTo`: no further than this number. */
  async read(upTo = Infinity): Promise<ReadChain | null> {
    const trusted = await this.trustedKey();
    if (trusted === null) return null;
    const chain = new CheckpointChain(trusted);
    const names = await this.names();
    let last: SignedCheckpoint | null = null;
    for (const name of names.slice(0, Math.min(upTo, names.length))) {
      const signed = parsed(await readFile(join(this.path, name), 'utf8'));
      const fault = name === fileOf((chain.head?.n ?? 0) + 1) ? chain.take(signed) : { n: (chain.head?.n ?? 0) + 1, why: 'missing' as const };
      if (fault !== null) return { chain, fault, signed: last, n: names.length };
      last = signed;
    }
    return { chain, fault: chain.fault(), signed: last, n: names.length };
  }

  /** How many checkpoints lie in it, whatever they say. */
  async size(): Promise<number> {
    return (await this.names()).length;
  }

  /** The file with this number as it lies there; null when there is none. */
  async find(n: number): Promise<SignedCheckpoint | null> {
    const text = await readFile(join(this.path, fileOf(n)), 'utf8').catch(nullWhenMissing);
    return text === null ? null : parsed(text);
  }

  /** False when its number is taken: somebody else was first. Kept means on disk. */
  async append(signed: SignedCheckpoint): Promise<boolean> {
    const n = openCheckpoint(signed)?.n;
    if (n === undefined) throw new Error('not a checkpoint');
    return this.add(fileOf(n), signed);
  }

  private async names(): Promise<readonly string[]> {
    return ((await readdir(this.path).catch(nullWhenMissing)) ?? []).filter((name) => NAME.test(name)).sort();
  }

  private async add(name: string, content: object): Promise<boolean> {
    await mkdir(this.path, { recursive: true });
    const unfinished = join(this.path, `.${name}.${randomUUID()}`);
    try {
      await writeWhole(unfinished, `${JSON.stringify(content)}\n`);
      await link(unfinished, join(this.path, name)); // unlike a rename, it never takes the place of a file
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(unfinished, { force: true }).catch(() => undefined); // where nothing can be removed it stays, and nobody reads it
    }
    const folder = await open(this.path, 'r');
    await folder.sync().finally(() => folder.close());
    return true;
  }
}

const writeWhole = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o444);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
};

const fileOf = (n: number): string => `${String(n).padStart(DIGITS, '0')}.json`;

const nullWhenMissing = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null;
  throw error;
};

/** What is no JSON is no checkpoint, and the chain says so. */
const parsed = (text: string): SignedCheckpoint => {
  try {
    return JSON.parse(text) as SignedCheckpoint;
  } catch {
    return { canonical: '', signature: '' };
  }
};
