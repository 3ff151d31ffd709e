import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { THIS_RELEASE } from './other-release';

/** Of `package-lock.json`: what lies where. */
type Packages = Readonly<Record<string, { readonly version?: string; readonly resolved?: string; readonly link?: boolean }>>;

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64_000_000 });

/**
 * An earlier release, built: `from` is a commit or tag of this clone, which is built in `folder`, or the folder of a release that is built
 * already. Its packages are shared with this release where the versions are the same, else installed. Throws one sentence when there is none.
 */
export const earlierRelease = (from: string, folder: string): { readonly folder: string; readonly commit: string } => {
  if (existsSync(from) && statSync(from).isDirectory()) {
    if (!existsSync(join(from, 'apps/worker/dist/main.js'))) throw new Error(`${from} holds no built release: run \`npm run build\` there`);
    return { folder: resolve(from), commit: 'a folder' };
  }
  const commit = commitOf(from);
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, 'release.tar');
  run('git', ['archive', '--format=tar', '-o', archive, commit], THIS_RELEASE);
  run('tar', ['-xf', archive, '-C', folder], folder);
  providePackages(folder);
  run(process.execPath, [join(folder, 'infra/build/build.mjs')], folder);
  return { folder, commit: commit.slice(0, 7) };
};

const commitOf = (ref: string): string => {
  try {
    return run('git', ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], THIS_RELEASE).trim();
  } catch {
    throw new Error(`this clone has no commit ${ref}: a clone without its whole history gets it with \`git fetch --unshallow --tags\``);
  }
};

const packagesOf = (folder: string): Packages =>
  (JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as { readonly packages: Packages }).packages;

const providePackages = (folder: string): void => {
  const [theirs, ours] = [packagesOf(folder), packagesOf(THIS_RELEASE)];
  const foreign = Object.entries(theirs).filter(([place, { link }]) => place.includes('node_modules/') && link !== true);
  if (foreign.some(([place, { version }]) => ours[place]?.version !== version)) {
    run('npm', ['ci', '--no-audit', '--no-fund'], folder);
    return;
  }
  for (const [place] of foreign) if (!/node_modules\/.*node_modules\//.test(place)) shareOne(folder, place);
  for (const [place, { link, resolved = '' }] of Object.entries(theirs)) if (link === true) linkOne(join(folder, place), join(folder, resolved));
};

/** What is optional and not for this machine is nowhere. */
const shareOne = (folder: string, place: string): void => {
  const installed = join(THIS_RELEASE, place);
  if (existsSync(installed)) linkOne(join(folder, place), installed);
};

const linkOne = (path: string, target: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
};
