import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pathOf, read } from './pages';

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}
interface Bom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}
interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly dev?: boolean; readonly optional?: boolean }>>;
}

/** Our own packages are in it too, under names that others may have. */
const isOfOthers = ({ purl }: Component): boolean => purl?.startsWith('pkg:npm/%40qiyue/') !== true;

describe('the list of what runs in production', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-sbom-'));
  const file = join(folder, 'sbom.json');
  const { status, stderr } = spawnSync(process.execPath, [pathOf('infra/build/sbom.mjs'), file], { encoding: 'utf8' });
  const bom = status === 0 ? (JSON.parse(readFileSync(file, 'utf8')) as Bom) : null;
  rmSync(folder, { recursive: true, force: true });
  const lock = JSON.parse(read('package-lock.json')) as Lock;
  const listed = new Map(bom?.components.filter(isOfOthers).map((component) => [`${component.name}@${component.version}`, component]));

  it('comes out of the lock file by one command, as CycloneDX', () => {
    expect([status, bom?.bomFormat, bom?.metadata.component.name, status === 0 ? '' : stderr]).toEqual([0, 'CycloneDX', 'qiyue', '']);
  });

  it('holds what npm’s own list leaves out: what is wanted in production by one workspace and for development by another', () => {
    for (const name of ['jose', 'nodemailer', '@temporalio/client', '@temporalio/worker', 'rxjs'])
      expect([name, [...listed.keys()].some((key) => key.startsWith(`${name}@`))]).toEqual([name, true]);
  });

  it('holds nothing that is for development alone, and a hash of everything that this machine can install', () => {
    const development = Object.entries(lock.packages).filter(([path, { dev }]) => dev === true && path.startsWith('node_modules/'));
    const names = development.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`);
    expect(names.filter((name) => listed.has(name) && !isWantedElsewhere(lock, name))).toEqual([]);
    const unhashed = [...listed.values()].filter(
      ({ name, version, hashes = [] }) => hashes.length === 0 && lockOf(lock, `${name}@${version}`)?.optional === false,
    );
    expect(unhashed).toEqual([]);
  });
});

const entriesOf = ({ packages }: Lock, key: string) =>
  Object.entries(packages).flatMap(([path, entry]) => (`${path.replace(/^.*node_modules\//, '')}@${entry.version}` === key ? [entry] : []));
const isWantedElsewhere = (lock: Lock, key: string): boolean => entriesOf(lock, key).some(({ dev }) => dev !== true);
const lockOf = (lock: Lock, key: string) => {
  const [entry] = entriesOf(lock, key);
  return entry && { optional: entry.optional === true };
};
