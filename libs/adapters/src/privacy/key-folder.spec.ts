import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KeyFolder } from './key-folder';
import { KeysUnavailable } from './subject-keys';

describe('keys in a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const files = (): readonly string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));

  it('gives one key to all who ask at once, from several processes too', async () => {
    const keys = await Promise.all(Array.from({ length: 40 }, (_, i) => new KeyFolder(folder).of(i % 2 === 0 ? 'resident-1' : 'resident-2')));
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(2);
    expect(files()).toHaveLength(4);
    for (const { keyId, secret } of keys) expect((await new KeyFolder(folder).byId(keyId))?.secret.equals(secret)).toBe(true);
  });

  it('names nobody, and lets its user alone read', async () => {
    await new KeyFolder(folder).of('resident-1');
    for (const path of files()) {
      expect(path).not.toContain('resident');
      expect(statSync(path).mode & 0o077).toBe(0);
    }
  });

  it('holds nothing of an erased key, which nobody gets any more; the subject may get another', async () => {
    const keys = new KeyFolder(folder);
    const key = await keys.of('resident-1');
    const [path] = files();
    const before = readFileSync(path as string, 'utf8');
    expect(await keys.erase('resident-1')).toEqual({ keyId: key.keyId });
    expect(files()).toEqual([]);
    expect(before).toContain(key.secret.toString('base64url'));
    expect(await keys.byId(key.keyId)).toBeNull();
    expect(await keys.erase('resident-1')).toBeNull();
    expect((await keys.of('resident-1')).keyId).not.toBe(key.keyId);
  });

  it('erases once when two ask for it at once', async () => {
    const keys = new KeyFolder(folder);
    await keys.of('resident-1');
    const erased = await Promise.all([keys.erase('resident-1'), new KeyFolder(folder).erase('resident-1')]);
    expect(erased.filter((one) => one !== null)).toHaveLength(1);
  });

  it('makes no new key in the place of one that it cannot read', async () => {
    const keys = new KeyFolder(folder);
    const { keyId } = await keys.of('resident-1');
    for (const path of files()) writeFileSync(path, '{"keyId":');
    await expect(keys.of('resident-1')).rejects.toThrow(KeysUnavailable);
    await expect(keys.byId(keyId)).rejects.toThrow(KeysUnavailable);
  });

  it('says that it cannot be used, and not what is in it', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(new KeyFolder(join(folder, 'file')).of('resident-1')).rejects.toThrow(KeysUnavailable);
  });

  it('asks for nothing outside of the folder', async () => {
    expect(await new KeyFolder(folder).byId('../../etc/passwd')).toBeNull();
  });
});
