import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
/** What decides how a bundle is made, beside the files that go into it: the versions of all tools, and how we call them. */
const MAKERS = [join(ROOT, 'package-lock.json'), ...['bundle', 'bundle-cache'].map((name) => join(__dirname, `${name}${__filename.slice(-3)}`))];

interface Kept {
  readonly code: string;
  /** What stood at each path that the bundler looked at. */
  readonly seen: Readonly<Record<string, string>>;
}

/**
 * Bundles on disk, for all test files and all runs. A bundle is found only while every path that the bundler looked at for it holds
 * what it held then, to the byte: a changed source, a file that newly shadows another, or a new version of a tool make another bundle.
 */
export class BundleCache {
  constructor(private readonly folder = join(ROOT, 'node_modules/.cache/qiyue/bundles')) {}

  find(entry: string): string | null {
    const kept = this.read(entry);
    return kept !== null && Object.entries(kept.seen).every(([path, print]) => printOf(path) === print) ? kept.code : null;
  }

  /** `startedMs`: what was written since then may differ from what the bundler saw, and such a bundle is not kept. */
  keep(entry: string, code: string, looked: Iterable<string>, startedMs: number): void {
    const paths = [...new Set([...looked, ...MAKERS])];
    if (paths.some((path) => isFileSince(path, startedMs))) return;
    const kept: Kept = { code, seen: Object.fromEntries(paths.map((path) => [path, printOf(path)])) };
    const temporary = `${this.fileOf(entry)}.${randomBytes(6).toString('hex')}`;
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(temporary, JSON.stringify(kept));
    renameSync(temporary, this.fileOf(entry));
  }

  private read(entry: string): Kept | null {
    try {
      return JSON.parse(readFileSync(this.fileOf(entry), 'utf8')) as Kept;
    } catch {
      return null;
    }
  }

  private fileOf(entry: string): string {
    return join(this.folder, `${sha256(`${__filename}\n${entry}`).slice(0, 16)}.json`);
  }
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

const statOf = (path: string): Stats | null => {
  try {
    return statSync(path);
  } catch {
    return null;
  }
};

const printOf = (path: string): string => {
  const stat = statOf(path);
  if (stat === null) return 'absent';
  return stat.isDirectory() ? 'folder' : sha256(readFileSync(path));
};

const isFileSince = (path: string, sinceMs: number): boolean => {
  const stat = statOf(path);
  return stat !== null && !stat.isDirectory() && stat.mtimeMs >= sinceMs;
};
