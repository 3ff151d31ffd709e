import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '../..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
export const FOLDERS = ['core', 'workflow', 'runtime', 'testing'] as const;
export const folderOf = (name: (typeof FOLDERS)[number]): string => join(ROOT, 'libs/engine', name);
const OUTPUT_BYTES_MAX = 20_000_000;

/** What a stranger installs beside the packages, at the versions that this repository runs on. */
const BESIDE = {
  '@temporalio/client': '@qiyue/test',
  '@temporalio/common': '@qiyue/test',
  '@temporalio/worker': '@qiyue/test',
  '@temporalio/workflow': '@qiyue/test',
  '@types/node': 'qiyue',
  kafkajs: '@qiyue/test',
  mongodb: '@qiyue/test',
} as const;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (path: string): Manifest => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest;

const versionsBeside = (): Readonly<Record<string, string>> => {
  const [test, root] = [manifestOf('test/package.json').dependencies, manifestOf('package.json').devDependencies];
  return Object.fromEntries(
    Object.entries(BESIDE).map(([name, from]) => {
      const version = (from === 'qiyue' ? root : test)?.[name];
      if (version === undefined) throw new Error(`${name} has no version in ${from}`);
      return [name, version];
    }),
  );
};

/** A run of npm inside of one of npm's own would take the outer project for its own. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_(config_local_prefix|package_|lifecycle_)|INIT_CWD|NODE_OPTIONS)/.test(name)),
  );

const npm = async (args: readonly string[], cwd: string): Promise<string> => {
  const program = process.env['npm_execpath'];
  const [command, ...before] = program?.endsWith('.js') ? [process.execPath, program] : ['npm'];
  const { stdout } = await run(command as string, [...before, ...args], { cwd, env: environment(), maxBuffer: OUTPUT_BYTES_MAX });
  return stdout;
};

export interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

export type Kind = 'module' | 'commonjs';

/** Only what a stranger would set. */
const COMPILER = {
  ...{ target: 'es2023', lib: ['es2023'], types: ['node'], strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
  ...{ rootDir: 'src', outDir: 'out', skipLibCheck: true },
};
const OF_TEMPORAL = /^(\.\.\/)*node_modules\/@temporalio\//;

/** A folder outside of this repository into which nothing came but the four packed packages and what they name. */
export class StrangersProject {
  private constructor(
    readonly folder: string,
    readonly packed: readonly Packed[],
  ) {}

  static async create(): Promise<StrangersProject> {
    const folder = mkdtempSync(join(tmpdir(), 'qiyue-engine-'));
    await run(process.execPath, [TSC, '-b', ...FOLDERS.map(folderOf)], { cwd: ROOT });
    const packed = JSON.parse(
      await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...FOLDERS.map(folderOf)], ROOT),
    ) as Packed[];
    const project = new StrangersProject(folder, packed);
    const tarballs = Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${filename}`]));
    project.write('package.json', { private: true, dependencies: { ...tarballs, ...versionsBeside() } });
    await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
    for (const kind of ['module', 'commonjs'] as const) project.writeSources(kind);
    return project;
  }

  /** Names of what is installed under a scope. */
  installed(scope: string): readonly string[] {
    return readdirSync(join(this.folder, 'node_modules', scope)).sort();
  }

  /** The compiler's complaints, without those about Temporal's own types, which do not hold under these settings. */
  async compile(kind: Kind, options: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
    this.write(`${kind}/tsconfig.json`, { compilerOptions: { ...COMPILER, ...options }, include: ['src'] });
    const { stdout } = await run(process.execPath, [TSC, '-p', join(this.folder, kind)], { cwd: this.folder }).catch(
      (error: { readonly stdout: string }) => error,
    );
    return stdout.split('\n').filter((line) => /^\S.*: error TS/.test(line) && !OF_TEMPORAL.test(line));
  }

  /** Runs a compiled program of the project and answers what it printed on its last line. */
  async run(kind: Kind, program: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { stdout } = await run(process.execPath, [join(this.folder, kind, 'out/engine-package/project', program)], {
      cwd: join(this.folder, kind),
      env: { ...environment(), ...env },
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return stdout.trim().split('\n').at(-1) ?? '';
  }

  /** What a line of code says in the project, as a program of this kind. */
  async evaluate(kind: Kind, code: string): Promise<unknown> {
    const { stdout } = await run(process.execPath, [`--input-type=${kind}`, '--eval', code], { cwd: join(this.folder, kind), env: environment() });
    return JSON.parse(stdout) as unknown;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private writeSources(kind: Kind): void {
    const sources = join(this.folder, kind, 'src');
    cpSync(join(__dirname, 'project'), join(sources, 'engine-package/project'), { recursive: true });
    mkdirSync(join(sources, 'loan'));
    cpSync(join(ROOT, 'test/loan/loan.decider.ts'), join(sources, 'loan/loan.decider.ts'));
    this.write(`${kind}/package.json`, { private: true, type: kind });
  }

  private write(path: string, content: object): void {
    writeFileSync(join(this.folder, path), JSON.stringify(content, null, 2));
  }
}
