import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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

  /** The folder as a kill at each point of an erasure leaves it. */
  const subjectFile = (): string => files().find((path) => path.includes('subjects')) as string;
  const marked = (keyId: string): void => {
    mkdirSync(join(folder, 'erasing'), { recursive: true });
    writeFileSync(join(folder, 'erasing', subjectFile().split('/').at(-1) as string), JSON.stringify({ keyId }));
  };
  const CUT_OFF: readonly (readonly [string, (keyId: string) => void])[] = [
    ['behind the mark', marked],
    ['behind the renaming', (keyId) => (marked(keyId), renameSync(subjectFile(), `${subjectFile()}.abc.gone`))],
    ['behind the renaming, before there were marks', () => renameSync(subjectFile(), `${subjectFile()}.abc.gone`)],
    [
      'behind the overwriting',
      (keyId) => {
        marked(keyId);
        writeFileSync(subjectFile(), Buffer.alloc(120));
        renameSync(subjectFile(), `${subjectFile()}.abc.gone`);
      },
    ],
    [
      'before the last step',
      (keyId) => (
        marked(keyId),
        files()
          .filter((path) => !path.includes('erasing'))
          .forEach((path) => rmSync(path))
      ),
    ],
    [
      'in a folder that was put back without its links',
      (keyId) => {
        marked(keyId);
        copyFileSync(subjectFile(), join(folder, 'copy'));
        rmSync(subjectFile());
        renameSync(join(folder, 'copy'), `${join(folder, 'subjects', nameOf(folder).slice(0, 2), nameOf(folder))}`);
      },
    ],
  ];
  const nameOf = (path: string): string => readdirSync(join(path, 'erasing'))[0] as string;

  describe.each(CUT_OFF)('after an erasure that was cut off %s', (_, cutOff) => {
    let keys: KeyFolder;
    let keyId: string;
    beforeEach(async () => {
      ({ keyId } = await new KeyFolder(folder).of('resident-1'));
      cutOff(keyId);
      keys = new KeyFolder(folder);
    });

    it('open nothing once it is asked for again', async () => {
      expect(await keys.erase('resident-1')).toEqual({ keyId });
      expect([await keys.byId(keyId), files()]).toEqual([null, []]);
      expect(await keys.erase('resident-1')).toBeNull();
    });

    it('open nothing once a process has started', async () => {
      expect(await keys.settle()).toBe(1);
      expect([await keys.byId(keyId), files(), await keys.settle()]).toEqual([null, [], 0]);
    });

    it('give the person who comes back another one, not the one that is being erased', async () => {
      await keys.settle();
      const next = await keys.of('resident-1');
      expect([next.keyId === keyId, await keys.byId(keyId)]).toEqual([false, null]);
      expect((await keys.byId(next.keyId))?.secret.equals(next.secret)).toBe(true);
    });
  });

  it('are not given to whoever writes while their erasure is under way', async () => {
    const { keyId } = await new KeyFolder(folder).of('resident-1');
    marked(keyId);
    const next = await new KeyFolder(folder).of('resident-1');
    expect([next.keyId === keyId, await new KeyFolder(folder).byId(keyId)]).toEqual([false, null]);
  });

  it('that a backup has brought back are destroyed once more, and the one that the person has since stays', async () => {
    const keys = new KeyFolder(folder);
    const old = await keys.of('resident-1');
    const backup = mkdtempSync(join(tmpdir(), 'qiyue-keys-'));
    cpSync(folder, backup, { recursive: true });
    await keys.erase('resident-1');
    const next = await keys.of('resident-1');
    cpSync(join(backup, 'ids'), join(folder, 'ids'), { recursive: true });
    expect((await keys.byId(old.keyId))?.keyId).toBe(old.keyId);
    expect([await keys.destroy('resident-1', old.keyId), await keys.destroy('resident-1', old.keyId)]).toEqual([true, false]);
    expect([await keys.byId(old.keyId), (await keys.of('resident-1')).keyId]).toEqual([null, next.keyId]);
    rmSync(folder, { recursive: true });
    cpSync(backup, folder, { recursive: true }); // the whole folder of before
    expect(await keys.destroy('resident-1', old.keyId)).toBe(true);
    expect([await keys.byId(old.keyId), (await keys.of('resident-1')).keyId === old.keyId]).toEqual([null, false]);
    rmSync(backup, { recursive: true });
  });

  it('stay where an erasure finds that another came in their place', async () => {
    const keys = new KeyFolder(folder);
    const [first, other] = [await keys.of('resident-1'), await keys.of('resident-2')];
    marked(first.keyId);
    const path = join(folder, 'subjects', nameOf(folder).slice(0, 2), nameOf(folder));
    rmSync(path);
    linkSync(join(folder, 'ids', other.keyId.slice(0, 2), other.keyId), path); // as if a process that went on had made it
    await keys.settle();
    expect([await keys.byId(first.keyId), (await keys.byId(other.keyId))?.keyId]).toEqual([null, other.keyId]);
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
