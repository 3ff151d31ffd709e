import { beforeAll, describe, expect, it } from '@jest/globals';
import { problemsOf, type Plant, type Problem } from './run-lint';

const TIMEOUT_MS = 180_000;

const PURE = {
  domain: 'libs/need/domain/src/index.ts',
  calendar: 'libs/calendar/src/index.ts',
  notices: 'libs/notices/src/index.ts',
  'engine-core': 'libs/engine/core/src/index.ts',
  contracts: 'libs/need/contracts/src/index.ts',
  views: 'libs/need/views/src/index.ts',
  'engine-workflow': 'libs/engine/workflow/src/index.ts',
  workflow: 'workflows/need/src/index.ts',
} as const;
const SPEC = 'libs/engine/core/src/entity.spec.ts';

const CLOCK = 'context.now';
const GLOBALS = ['performance.now()', 'process.env', 'setTimeout(f, 1)', 'setInterval(f, 1)', 'crypto.randomUUID()', 'console.log(1)', "fetch('u')"];
const SYNCHRONOUS = 'The domain is synchronous';
const handler = (text: string): string => `import * as wf from '@temporalio/workflow';\nexport const run = async (): Promise<void> => { ${text} };\n`;

/** [file, text, part of the message that has to come] */
const RED: readonly (readonly [string, string, string])[] = [
  ...Object.values(PURE).flatMap((path) => [
    [path, 'export const x = new Date();', CLOCK] as const,
    [path, 'export const x = Date();', CLOCK] as const,
    [path, 'export const x = Math.random();', 'Chance'] as const,
    [path, "export const x = () => import('zod');", 'Nothing is loaded'] as const,
    ...GLOBALS.map((global) => [path, `export const f = () => 1;\nexport const x = ${global};`, 'Pure code'] as const),
    [path, 'export const x = globalThis.Date.now();', 'Pure code'] as const,
    [path, 'export default 1;', 'Exports have names'] as const,
  ]),
  ...[PURE.domain, PURE.calendar, PURE.notices, PURE['engine-core'], PURE.contracts, PURE.views, PURE.workflow].map(
    (path) => [path, 'export const x = Date.now();', CLOCK] as const,
  ),
  [PURE.domain, 'export const f = async () => 1;', SYNCHRONOUS],
  [PURE.domain, 'export const f = async (g: () => number) => await g();', SYNCHRONOUS],
  [PURE.domain, 'export const f = () => Promise.resolve(1);', SYNCHRONOUS],
  [PURE.domain, 'export type F = () => Promise<number>;', SYNCHRONOUS],
  ...[PURE['engine-workflow'], PURE.workflow].flatMap((path) => [
    [path, handler('wf.setHandler(u, async () => 1);'), 'A handler with an await'] as const,
    [path, handler('wf.setHandler(u, async function () { return 1; });'), 'A handler with an await'] as const,
    [path, handler('setHandler(u, async () => 1);'), 'A handler with an await'] as const,
    [path, handler('wf.setHandler(u, () => 1, { validator: async () => undefined });'), 'async validator'] as const,
    [path, handler('wf.setHandler(u, () => 1, { async validator() {} });'), 'async validator'] as const,
    [path, handler('await wf.sleep(1); wf.setHandler(u, () => 1);'), 'before the first await'] as const,
    [path, handler('const boot = await load(); const s = fresh(boot); wf.setHandler(u, () => s);'), 'before the first await'] as const,
    [path, "export const f = () => { throw new Error('x'); };", 'ApplicationFailure'] as const,
    [path, "export const f = () => { throw new TypeError('x'); };", 'ApplicationFailure'] as const,
  ]),
  ...['only', 'skip', 'todo'].flatMap((word) => [
    [SPEC, `it.${word}('x', () => undefined);`, 'Every test runs'] as const,
    [SPEC, `describe.${word}.each([1])('x', () => undefined);`, 'Every test runs'] as const,
  ]),
  [SPEC, "xit('x', () => undefined);", 'Every test runs'],
  [SPEC, "jest.mock('mongodb');", 'not mocked'],
];

const GREEN: readonly (readonly [string, string])[] = [
  [PURE['engine-core'], 'export const x = new Date(5).toISOString();'],
  [PURE['engine-core'], 'export const f = async () => 1;'],
  [PURE['engine-workflow'], 'export const leftMs = (dueMs: number) => dueMs - Date.now();'],
  [PURE['engine-workflow'], handler('wf.setHandler(u, () => 1, { validator: () => undefined }); await wf.sleep(1);')],
  [PURE.workflow, handler("throw wf.ApplicationFailure.nonRetryable('x', 'X');")],
  [SPEC, "it('reads the clock in a test', () => { expect(Date.now()).toBeGreaterThan(1); });"],
  ['libs/engine/runtime/src/circuit-breaker.ts', 'export const x = Date.now() + Math.random();'],
];

describe('purity', () => {
  let problems: ReadonlyMap<string, readonly Problem[]>;
  beforeAll(async () => {
    const plants: readonly Plant[] = [...RED, ...GREEN].map(([path, code]) => ({ path, code }));
    const answers = await problemsOf(plants, { types: false });
    problems = new Map(plants.map(({ path, code }, i) => [`${path} ${code}`, answers[i] ?? []]));
  }, TIMEOUT_MS);

  it.each(RED)('in %s, %s is red', (path, code, message) => {
    expect(problems.get(`${path} ${code}`)?.map((problem) => problem.message)).toContainEqual(expect.stringContaining(message));
  });

  it.each(GREEN)('in %s, %s is fine', (path, code) => {
    expect(problems.get(`${path} ${code}`)).toEqual([]);
  });
});

describe('rules that need types', () => {
  const FILE = 'libs/engine/runtime/src/circuit-breaker.ts';
  const CASES = [
    ['@typescript-eslint/no-floating-promises', 'export const f = (): void => { g(); };\nconst g = async () => 1;'],
    ['@typescript-eslint/no-misused-promises', 'export const f = (texts: string[]) => texts.forEach(async () => undefined);'],
    ['@typescript-eslint/no-explicit-any', 'export const f = (x: any): unknown => x;'],
    ['@typescript-eslint/no-unsafe-assignment', "export const f = (): unknown => { const x = JSON.parse('1'); return x; };"],
    ['@typescript-eslint/consistent-type-imports', "import { LedgerStore } from './ledger/ledger-store';\nexport type Store = LedgerStore;"],
    ['@typescript-eslint/switch-exhaustiveness-check', "export const f = (x: 'a' | 'b'): void => { switch (x) { case 'a': return; } };"],
    ['@typescript-eslint/only-throw-error', "export const f = () => { throw 'x'; };"],
    ['@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const x: number = 1;'],
    ['@typescript-eslint/no-explicit-any', '/* eslint-disable */\nexport const f = (x: any): unknown => x;'],
  ] as const;
  let problems: readonly (readonly Problem[])[];
  beforeAll(async () => {
    problems = await problemsOf(
      CASES.map(([, code]) => ({ path: FILE, code })),
      { types: true },
    );
  }, TIMEOUT_MS);

  it.each(CASES.map(([rule, code], i) => [rule, code, i] as const))('%s is red for %s', (rule, _, i) => {
    expect(problems[i]?.map((problem) => problem.rule)).toContain(rule);
  });
});
