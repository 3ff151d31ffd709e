import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiBench } from './testing/api-bench';
import { NEED, OPERATOR, RESIDENT } from './testing/people';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '../../..');
const CLIENT = join(ROOT, 'libs/client');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** A run of npm inside of one of npm's own would take the outer project for its own. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_(config_local_prefix|package_|lifecycle_)|INIT_CWD|NODE_OPTIONS)/.test(name)),
);
const npm = async (args: readonly string[], cwd: string): Promise<string> => {
  const program = process.env['npm_execpath'];
  const [command = 'npm', ...before] = program?.endsWith('.js') ? [process.execPath, program] : ['npm'];
  return (await run(command, [...before, ...args], { cwd, env: ENVIRONMENT })).stdout;
};

/** What a stranger writes: a need, a refusal by its code, which is one of a closed list, any call by its path, and the first event. */
const PROGRAM = `
const said = (code: ProblemCode): string => {
  // @ts-expect-error: no answer has it
  if (code === 'not-premitted') return 'a slip of the pen';
  return code === 'not-permitted' ? code : 'something else';
};
const main = async () => {
  const { API, RESIDENT, OPERATOR } = process.env as Record<string, string>;
  const resident = new QiyueClient({ baseUrl: API ?? '', token: RESIDENT ?? '', language: 'en' });
  const operator = new QiyueClient({ baseUrl: API ?? '', token: () => OPERATOR ?? '' });
  const made = await resident.submit(${JSON.stringify(NEED)}, { key: KEY });
  if (isPending(made)) throw new Error('no outcome in time');
  const refused = await resident.command(made.needId, 'inspect', { notes: 'seen' }).catch((error: unknown) => error);
  const { data } = await operator.api.GET('/v1/me');
  let first: FeedEvent | undefined;
  for await (const event of operator.events({ entity: made.needId, signal: AbortSignal.timeout(15_000) })) {
    first = event;
    break;
  }
  console.log(JSON.stringify({
    stage: made.stage,
    refused: refused instanceof ProblemError ? said(refused.code) : String(refused),
    who: data?.actor.id,
    event: first?.type,
    isOwn: first?.subject === made.needId,
    seq: (await resident.history(made.needId)).events.at(-1)?.seq,
  }));
};
main().catch((error: unknown) => { console.error(error); process.exit(1); });
`;
const NAMES = 'isPending, ProblemError, QiyueClient';
/** The same words: the compiler makes an import or a require of them. */
const HEADS = {
  module: `import { ${NAMES}, type FeedEvent, type ProblemCode } from '@qiyue/client';\nconst KEY = 'a-module';`,
  commonjs: `import { ${NAMES}, type FeedEvent, type ProblemCode } from '@qiyue/client';\nconst KEY = 'a-commonjs';`,
} as const;
const KINDS = ['module', 'commonjs'] as const;

describe('the package of the client', () => {
  let bench: ApiBench;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-client-'));
    await run(process.execPath, [TSC, '-b', CLIENT], { cwd: ROOT });
    const [packed] = JSON.parse(await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder, CLIENT], ROOT)) as {
      filename: string;
    }[];
    write('package.json', JSON.stringify({ private: true, dependencies: { '@qiyue/client': `file:${packed?.filename}` } }));
    await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
    bench = await ApiBench.create();
  }, 180_000);
  afterAll(async () => {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (path: string, text: string): void => {
    mkdirSync(resolve(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  it('brings nothing else of this repository along, and two small packages of others', () => {
    expect(readdirSync(join(folder, 'node_modules/@qiyue'))).toEqual(['client']);
    const all = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(all.sort()).toEqual(['@qiyue', 'eventsource-parser', 'openapi-fetch', 'openapi-typescript-helpers']);
  });

  it.each(KINDS)(
    'compiles and runs against a running API in an empty project of type %s',
    async (kind) => {
      const options = {
        module: 'nodenext',
        target: 'es2023',
        lib: ['es2023', 'dom'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        outDir: 'out',
      };
      write(`${kind}/package.json`, JSON.stringify({ private: true, type: kind }));
      write(`${kind}/tsconfig.json`, JSON.stringify({ compilerOptions: { ...options, rootDir: '.' }, files: ['main.ts', 'process.d.ts'] }));
      write(`${kind}/process.d.ts`, 'declare const process: { readonly env: Record<string, string | undefined>; exit(code: number): never };\n');
      write(`${kind}/main.ts`, `${HEADS[kind]}\n${PROGRAM}`);
      const told = await run(process.execPath, [TSC, '-p', join(folder, kind)], { cwd: folder }).catch((error: { readonly stdout: string }) => error);
      expect(told.stdout).toBe('');
      const [resident, operator] = await Promise.all([RESIDENT, OPERATOR].map((who) => bench.tokens.mint(who)));
      const env = { ...ENVIRONMENT, API: bench.base, RESIDENT: resident, OPERATOR: operator };
      const { stdout } = await run(process.execPath, [join(folder, kind, 'out/main.js')], { cwd: join(folder, kind), env });
      expect(JSON.parse(stdout)).toEqual({
        ...{ stage: 'submitted', refused: 'not-permitted', who: OPERATOR.actor },
        ...{ event: 'qiyue.need.NeedSubmitted.v1', isOwn: true, seq: 1 },
      });
    },
    120_000,
  );
});
