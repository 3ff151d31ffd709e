import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleOf } from './bundle';
import { BundleCache } from './bundle-cache';

describe('bundles of workflows, shared on disk', () => {
  let folder: string;
  let entry: string;
  let cache: BundleCache;
  let finds: number;
  beforeAll(() => {
    // Inside of the repository, so that the bundler finds the workflow package; not among the sources, which other tests read meanwhile.
    const parent = resolve(__dirname, '../../../node_modules/.cache/qiyue');
    mkdirSync(parent, { recursive: true });
    folder = mkdtempSync(join(parent, 'bundle-test-'));
    entry = join(folder, 'workflows.js');
    write('workflows.js', "export { word as aWorkflow } from './rules';\n");
    write('rules.js', "export const word = async () => 'says: the first word';\n");
    cache = new BundleCache(join(folder, 'cache'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** As old as a source usually is when tests begin. */
  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), 1, 1);
  };
  const counting = (): BundleCache =>
    Object.assign(Object.create(cache) as BundleCache, {
      find: (path: string) => {
        const found = cache.find(path);
        if (found !== null) finds += 1;
        return found;
      },
    });
  const bundled = async (): Promise<{ readonly says: string | undefined; readonly isShared: boolean }> => {
    finds = 0;
    const { code } = (await bundleOf(entry, counting())) as { code: string };
    return { says: /says: ([a-z ]+)/.exec(code)?.[1], isShared: finds === 1 };
  };

  it('are made once for the same sources', async () => {
    expect(await bundled()).toEqual({ says: 'the first word', isShared: false });
    expect(await bundled()).toEqual({ says: 'the first word', isShared: true });
  }, 120_000);

  it('are made anew when a file that they import changes, also to one of the same length and age', async () => {
    write('rules.js', "export const word = async () => 'says: the other word';\n");
    expect(await bundled()).toEqual({ says: 'the other word', isShared: false });
  }, 120_000);

  it('are made anew when a new file stands before one that they import', async () => {
    rmSync(join(folder, 'rules.js'));
    write('rules/index.js', "export const word = async () => 'says: from a folder';\n");
    expect(await bundled()).toEqual({ says: 'from a folder', isShared: false });
    expect(await bundled()).toEqual({ says: 'from a folder', isShared: true });
    write('rules.js', "export const word = async () => 'says: from a file';\n");
    expect(await bundled()).toEqual({ says: 'from a file', isShared: false });
  }, 120_000);

  it('are not kept when a source was written while they were made', async () => {
    write('rules.js', "export const word = async () => 'says: written late';\n");
    utimesSync(join(folder, 'rules.js'), new Date(), new Date(Date.now() + 60_000));
    expect(await bundled()).toEqual({ says: 'written late', isShared: false });
    expect(await bundled()).toEqual({ says: 'written late', isShared: false });
  }, 120_000);

  it('are made anew when what was kept is gone', async () => {
    utimesSync(join(folder, 'rules.js'), 1, 1);
    expect(await bundled()).toMatchObject({ isShared: false });
    expect(await bundled()).toMatchObject({ isShared: true });
    rmSync(join(folder, 'cache'), { recursive: true });
    expect(await bundled()).toMatchObject({ isShared: false });
  }, 120_000);
});
