import { createHash, randomBytes } from 'node:crypto';
import { access, link, mkdir, open, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { KeysUnavailable, type SubjectKey, type SubjectKeys } from './subject-keys';

const KEY_BYTES = 32;
const PRIVATE = { recursive: true, mode: 0o700 } as const;
const ATTEMPTS = 5;
const KEY_ID = /^[0-9a-f]{32}$/;
const NAME = /^[0-9a-f]{64}$/;
const GONE = /^[0-9a-f]{64}\.[0-9a-f]+\.gone$/;
const marked = z.strictObject({ keyId: z.string().regex(KEY_ID) });
const kept = z.strictObject({ keyId: z.string().regex(KEY_ID), secret: z.base64url().length(43) });

/**
 * Keys as files of a folder, for one machine or a shared file system: `subjects/<hash of the subject>` and `ids/<key id>` are two
 * names of one file, which only its user may read. To erase is to overwrite that file and to take both names away; what a
 * backup or a copying file system still holds of it is for whoever runs them to destroy.
 *
 * An erasure is marked (`erasing/<hash of the subject>`, which holds the key's id) before anything is touched, and the mark goes last: one that
 * was cut off anywhere is gone on with by the next who asks for it, by whoever asks for the subject's key, and by `settle`.
 */
export class KeyFolder implements SubjectKeys {
  constructor(private readonly folder: string) {}

  async of(subject: string): Promise<SubjectKey> {
    const name = nameOf(subject);
    for (let attempt = 1; ; attempt += 1) {
      if (await isThere(this.markPath(name))) await this.finish(name);
      const key = (await this.read(this.subjectPath(name))) ?? (await this.make(name));
      if (key !== null) return key;
      if (attempt === ATTEMPTS) throw new KeysUnavailable('the key of a subject could not be made');
    }
  }

  async has(subject: string): Promise<boolean> {
    return (await this.read(this.subjectPath(nameOf(subject)))) !== null;
  }

  byId(keyId: string): Promise<SubjectKey | null> {
    return KEY_ID.test(keyId) ? this.read(this.idPath(keyId)) : Promise.resolve(null);
  }

  async erase(subject: string): Promise<{ readonly keyId: string } | null> {
    const name = nameOf(subject);
    const cutOff = await this.finish(name);
    const key = await this.read(this.subjectPath(name));
    if (key === null) return cutOff;
    await this.mark(name, key.keyId);
    return this.finish(name);
  }

  async destroy(subject: string, keyId: string): Promise<boolean> {
    const name = nameOf(subject);
    const isOpen = (await this.byId(keyId)) !== null || (await this.read(this.subjectPath(name)))?.keyId === keyId;
    if (!isOpen) return false;
    await this.mark(name, keyId);
    return (await this.finish(name)) !== null;
  }

  async settle(): Promise<number> {
    const marked = (await namesIn(join(this.folder, 'erasing'))).filter((name) => NAME.test(name));
    const parts = await namesIn(join(this.folder, 'subjects'));
    const gone = (await Promise.all(parts.map((part) => namesIn(join(this.folder, 'subjects', part))))).flat().filter((name) => GONE.test(name));
    const names = new Set([...marked, ...gone.map((name) => name.split('.')[0] ?? '')]);
    let count = 0;
    for (const name of names) if ((await this.finish(name)) !== null) count += 1;
    return count;
  }

  /** Before anything is touched. A mark that is there already says the same: a subject has one key. */
  private async mark(name: string, keyId: string): Promise<void> {
    const [path, draft] = [this.markPath(name), `${this.markPath(name)}.${randomBytes(6).toString('hex')}`];
    await write(draft, JSON.stringify({ keyId }));
    await isDone(link(draft, path));
    await rm(draft, { force: true });
    await syncFolder(dirname(path));
  }

  /** Destroys what is marked, or was set aside before there were marks. Null when there was nothing, or another process was quicker with the last step. */
  private async finish(name: string): Promise<{ readonly keyId: string } | null> {
    const path = this.subjectPath(name);
    const before = await this.goneOf(path);
    const markedId = await this.markedKey(name);
    const keyId = markedId ?? (await this.firstKeyIn(before));
    if (keyId === null) {
      await Promise.all(before.map((file) => rm(file, { force: true }))); // overwritten already
      return null;
    }
    if (markedId === null) await this.mark(name, keyId); // one that is gone by now was taken away by whoever came to the end first
    await this.takeAway(path, keyId);
    for (const file of [this.idPath(keyId), ...(await this.goneOf(path))]) {
      await overwrite(file);
      await rm(file, { force: true });
    }
    await Promise.all([dirname(path), dirname(this.idPath(keyId))].map(syncFolder));
    if (!(await isDone(unlink(this.markPath(name))))) return null;
    await syncFolder(dirname(this.markPath(name)));
    return { keyId };
  }

  /** The subject's name for the key, unless another key has come under it meanwhile. */
  private async takeAway(path: string, keyId: string): Promise<void> {
    const taken = `${path}.${randomBytes(6).toString('hex')}.gone`;
    if (!(await isDone(rename(path, taken)))) return;
    const key = await this.read(taken);
    if (key === null || key.keyId === keyId) return;
    await isDone(link(taken, path));
    await rm(taken, { force: true });
  }

  private async goneOf(path: string): Promise<readonly string[]> {
    const name = basename(path);
    return (await namesIn(dirname(path))).filter((file) => GONE.test(file) && file.startsWith(name)).map((file) => join(dirname(path), file));
  }

  private async firstKeyIn(files: readonly string[]): Promise<string | null> {
    for (const file of files) {
      const key = await this.read(file);
      if (key !== null) return key.keyId;
    }
    return null;
  }

  private async markedKey(name: string): Promise<string | null> {
    const text = await textOf(this.markPath(name));
    if (text === null) return null;
    const parsed = marked.safeParse(jsonOf(text));
    if (!parsed.success) throw new KeysUnavailable('a mark of an erasure names no key');
    return parsed.data.keyId;
  }

  /** Null when another process was quicker: its key counts. */
  private async make(name: string): Promise<SubjectKey | null> {
    const key = { keyId: randomBytes(16).toString('hex'), secret: randomBytes(KEY_BYTES) };
    const [byId, bySubject] = [this.idPath(key.keyId), this.subjectPath(name)];
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
    const text = await textOf(path);
    if (text === null) return null;
    if (/^\0*$/.test(text)) return null; // being erased at this moment
    const parsed = kept.safeParse(jsonOf(text));
    if (!parsed.success) throw new KeysUnavailable('a file of the folder of keys holds no key');
    return { keyId: parsed.data.keyId, secret: Buffer.from(parsed.data.secret, 'base64url') };
  }

  private subjectPath(name: string): string {
    return join(this.folder, 'subjects', name.slice(0, 2), name);
  }

  private idPath(keyId: string): string {
    return join(this.folder, 'ids', keyId.slice(0, 2), keyId);
  }

  private markPath(name: string): string {
    return join(this.folder, 'erasing', name);
  }
}

/** Whose key it is, without saying whose. */
const nameOf = (subject: string): string => createHash('sha256').update(`qiyue subject\n${subject}`, 'utf8').digest('hex');

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;
const asFault = (error: unknown): Error => new KeysUnavailable(`the folder of keys cannot be used: ${String(codeOf(error))}`);

/** Null when there is no such file. */
const textOf = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((error: unknown) => (codeOf(error) === 'ENOENT' ? null : Promise.reject(asFault(error))));

const isThere = (path: string): Promise<boolean> => isDone(access(path));

const namesIn = (path: string): Promise<readonly string[]> =>
  readdir(path).catch((error: unknown) => (codeOf(error) === 'ENOENT' ? [] : Promise.reject(asFault(error))));

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

/** What is gone already is as good as overwritten. */
const overwrite = async (path: string): Promise<void> => {
  const file = await open(path, 'r+').catch((error: unknown) => (codeOf(error) === 'ENOENT' ? null : Promise.reject(asFault(error))));
  if (file === null) return;
  try {
    const { size } = await file.stat();
    await file.write(Buffer.alloc(size), 0, size, 0);
    await file.sync();
  } finally {
    await file.close();
  }
};

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r').catch((error: unknown) => (codeOf(error) === 'ENOENT' ? null : Promise.reject(asFault(error))));
  if (folder === null) return;
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
