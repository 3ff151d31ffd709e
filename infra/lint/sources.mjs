import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOTS = ['libs', 'apps', 'workflows', 'infra', 'test'];
/** What a generator has written. */
const MADE = 'libs/client/src/schema.ts';
const SKIPPED = new Set(['node_modules', 'dist']);

/** Files under the source folders that `matches` accepts, as paths relative to `root`, sorted. */
export const filesIn = (root, matches) =>
  ROOTS.flatMap((folder) => walk(root, folder))
    .filter(matches)
    .sort();

/** TypeScript sources, without what is generated from them. */
export const sourcesIn = (root) => filesIn(root, (path) => /(?<!\.d)\.tsx?$/.test(path) && path !== MADE);

/** The workspace packages: folder and parsed package.json of each. */
export const packagesIn = (root) =>
  filesIn(root, (path) => path.endsWith('/package.json') && !path.includes('/recipes/')).map((path) => ({
    folder: path.slice(0, -'/package.json'.length),
    manifest: JSON.parse(readFileSync(join(root, path), 'utf8')),
  }));

const walk = (root, folder) => {
  const path = join(root, folder);
  return entriesOf(path).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) || entry.name.startsWith('.') ? [] : walk(root, `${folder}/${entry.name}`);
    return [`${folder}/${entry.name}`];
  });
};

const entriesOf = (path) => {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
};
