import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface FixturePackage {
  readonly folder: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface FixtureTree {
  readonly root: string;
  readonly remove: () => void;
}

/**
 * A workspace in the system's temporary folder with the layout of this one: linked packages with the same `exports`,
 * and npm packages that hold nothing. `files` are sources by path. A killed test leaves nothing in the repository.
 */
export const plantTree = (
  packages: readonly FixturePackage[],
  npm: Readonly<Record<'dependencies' | 'devDependencies' | 'undeclared', readonly string[]>>,
  files: ReadonlyMap<string, string>,
): FixtureTree => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'qiyue-boundaries-')));
  const write = (path: string, content: string | object) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  write('package.json', {
    name: 'fixture',
    private: true,
    workspaces: packages.map(({ folder }) => folder),
    devDependencies: anyVersion(npm.devDependencies),
  });
  for (const name of Object.values(npm).flat()) writePackage(write, name);
  const everything = { ...anyVersion(npm.dependencies), ...anyVersion(packages.map(({ name }) => name)) };
  for (const { folder, name, tags, dependencies } of packages) {
    write(`${folder}/package.json`, { name, version: '0.1.0', exports: EXPORTS, nx: { tags }, dependencies: dependencies ?? everything });
    write(`${folder}/src/index.ts`, 'export const here = 1;\n');
    write(`${folder}/src/inner.ts`, 'export const inner = 1;\n');
    write(`${folder}/dist/index.js`, 'exports.here = 1;\n');
    link(root, name, folder);
  }
  for (const [path, content] of files) write(path, content);
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
};

const EXPORTS = { '.': { 'qiyue-source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' } };

const anyVersion = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '0.1.0']));

const writePackage = (write: (path: string, content: string | object) => void, name: string): void => {
  write(`node_modules/${name}/package.json`, { name, version: '0.1.0', main: 'index.js' });
  write(`node_modules/${name}/index.js`, 'exports.here = 1;\n');
};

const link = (root: string, name: string, folder: string): void => {
  mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
  symlinkSync(join(root, folder), join(root, 'node_modules', name), 'dir');
};
