import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { KeysUnavailable, type SubjectKey, type SubjectKeys } from './subject-keys';

const KEY_BYTES = 32;
const PRIVATE = { recursive: true, mode: 0o700 } as const;
const ATTEMPTS = 5;
const kept = z.strictObject({ keyId: z.string().regex(/^[0-9a-f]{32}$/), secret: z.base64url().length(43) });

/**
 * Keys as files of a folder, for one machine or a shared file system: `subjects/<hash of the subject>` and `ids/<key id>` are two
 * names of one file, which only its user may read. To erase is to overwrite that file and to take both names away; what a
 * backup or a copying file system still holds of it is for whoever runs them to destroy.
 */
export class KeyFolder implements SubjectKeys {
  constructor(private readonly folder: string) {}

  async of(subject: string): Promise<SubjectKey> {
    for (let attempt = 1; ; attempt += 1) {
      const key = (await this.read(this.subjectPath(subject))) ?? (await this.make(subject));
      if (key !== null) return key;
      if (attempt === ATTEMPTS) throw new KeysUnavailable('the key of a subject could not be made');
    }
  }

  byId(keyId: string): Promise<SubjectKey | null> {
    return /^[0-9a-f]{32}$/.test(keyId) ? this.read(this.idPath(keyId)) : Promise.resolve(null);
  }

  async erase(subject: string): Promise<{ readonly keyId: string } | null> {
    const path = this.subjectPath(subject);
    const key = await this.read(path);
    if (key === null) return null;
    const taken = `${path}.${randomBytes(6).toString('hex')}.gone`;
    if (!(await isDone(rename(path, taken)))) return null; // somebody else erases it
    await overwrite(taken);
    await rm(this.idPath(key.keyId), { force: true });
    await rm(taken, { force: true });
    await syncFolder(dirname(path));
    return { keyId: key.keyId };
  }

  /** Null when another process was quicker: its key counts. */
  private async make(subject: string): Promise<SubjectKey | null> {
    const key = { keyId: randomBytes(16).toString('hex'), secret: randomBytes(KEY_BYTES) };
    const [byId, bySubject] = [this.idPath(key.keyId), this.subjectPath(subject)];
    await write(byId, JSON.stringify({ keyId: key.keyId, secret: key.secret.toString('base64url') }));
    await mkdir(dirname(bySubject), PRIVATE).catch(refuse);
    if (await isDone(link(byId, bySubject))) {
      await Promise.all([dirname(byId), dirname(bySubject)].map(syncFolder));
      return key;
    }
    await rm(byId, { force: true });
    return null;
  }

  /** Null when there is no such file. One that is there and holds no key is a fault to be seen, never a reason to make another. */
  private async read(path: string): Promise<SubjectKey | null> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => (codeOf(error) === 'ENOENT' ? null : Promise.reject(asFault(error))));
    if (text === null) return null;
    if (/^\0*$/.test(text)) return null; // being erased at this moment
    const parsed = kept.safeParse(jsonOf(text));
    if (!parsed.success) throw new KeysUnavailable('a file of the folder of keys holds no key');
    return { keyId: parsed.data.keyId, secret: Buffer.from(parsed.data.secret, 'base64url') };
  }

  private subjectPath(subject: string): string {
    const name = createHash('sha256').update(`qiyue subject\n${subject}`, 'utf8').digest('hex');
    return join(this.folder, 'subjects', name.slice(0, 2), name);
  }

  private idPath(keyId: string): string {
    return join(this.folder, 'ids', keyId.slice(0, 2), keyId);
  }
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;
const asFault = (error: unknown): Error => new KeysUnavailable(`the folder of keys cannot be used: ${String(codeOf(error))}`);

const refuse = (error: unknown): never => {
  throw asFault(error);
};

const write = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), PRIVATE).catch(refuse);
  await writeFile(path, text, { mode: 0o600, flag: 'wx', flush: true }).catch(refuse);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** False when the name was taken, or is gone. */
const isDone = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    (error: unknown) => (['EEXIST', 'ENOENT'].includes(String(codeOf(error))) ? false : Promise.reject(asFault(error))),
  );

const overwrite = async (path: string): Promise<void> => {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    await file.write(Buffer.alloc(size), 0, size, 0);
    await file.sync();
  } finally {
    await file.close();
  }
};

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
