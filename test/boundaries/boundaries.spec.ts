import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plantTree, type FixturePackage, type FixtureTree } from './fixture-tree';
import { ALL_NPM, FOLDER, LAYERS, MAY_IMPORT, MAY_USE, MAY_USE_NODE, NAMED, SERVING, SIBLING, TYPES_ONLY, type Layer } from './layer-table';
import { REPOSITORY, violationsOf, type Violation } from './run-lint';

const TIMEOUT_MS = 120_000;

const nameOf = (folder: string): string => `@qiyue/${folder.replaceAll('/', '-')}`;
const slug = (text: string): string => text.replace(/[^a-z]+/g, '-');
const use = (specifier: string): string => `import * as other from '${specifier}';\nexport const used = other;\n`;
const packageAt = (folder: string, layer: Layer): FixturePackage => ({ folder, name: nameOf(folder), tags: [`layer:${layer}`] });

/** Files of the fixture tree, each with the rule that has to be red there, or null where nothing may be. */
const plants = new Map<string, { readonly code: string; readonly red: string | null }>();
const plant = (path: string, code: string, red: string | null): void => void plants.set(path, { code, red });

for (const from of LAYERS) {
  const at = (name: string) => `${FOLDER[from]}/src/${name}.ts`;
  for (const to of LAYERS.filter((layer) => layer !== from)) {
    plant(at(`meets-${to}`), use(nameOf(FOLDER[to])), redUnless(MAY_IMPORT[from].includes(to), from, to));
  }
  const sibling = SIBLING[from];
  if (sibling !== undefined) plant(at('meets-its-like'), use(nameOf(sibling)), `${from}-imports`);
  for (const name of ALL_NPM) plant(at(`uses-${slug(name)}`), use(name), redUnless(MAY_USE[from].includes(name), from));
  for (const name of ['node:crypto', 'fs/promises'])
    plant(at(`uses-${slug(name)}`), use(name), MAY_USE_NODE.includes(from) ? null : `${from}-no-node`);
}

function redUnless(allowed: boolean, from: Layer, to?: Layer): string | null {
  if (to !== undefined && TYPES_ONLY[from]?.includes(to)) return `${from}-types-only`;
  if ((from === 'app' || SERVING.includes(from)) && to !== undefined && NAMED.includes(to)) return 'only-the-list-names-aggregates';
  return allowed ? null : `${from}-imports`;
}

const DOMAIN = 'libs/need/domain/src';
for (const [path, of] of [
  ['workflows/need/src/types-of-contracts.ts', FOLDER.contracts],
  ['libs/need/aggregate/src/types-of-the-runtime.ts', FOLDER['engine-runtime']],
] as const)
  plant(path, `import type { here } from '${nameOf(of)}';\nexport type Here = typeof here;\n`, null);
for (const folder of ['libs/platform', 'libs/edge', 'apps/api']) plant(`${folder}/src/uses-kafkajs.ts`, use('kafkajs'), 'kafkajs-behind-its-port');
plant('libs/platform/src/kafka/kafkajs-event-bus.ts', use('kafkajs'), null);
plant(`${DOMAIN}/type-only.ts`, `import type { here } from '${nameOf(FOLDER.contracts)}';\nexport type Here = typeof here;\n`, 'domain-imports');
plant(`${DOMAIN}/by-import-type.ts`, `export type Here = import('${nameOf(FOLDER.contracts)}').Here;\n`, 'domain-imports');
plant(`${DOMAIN}/re-export.ts`, `export * from '${nameOf(FOLDER.views)}';\n`, 'domain-imports');
plant(`${DOMAIN}/dynamic.ts`, "export const used = () => import('mongodb');\n", 'domain-imports');
plant(`${DOMAIN}/required.ts`, "export const used = require('mongodb');\n", 'domain-imports');
plant('libs/need/views/src/deep.ts', "export * from '../../domain/src/inner';\n", 'views-imports');
plant('libs/need/views/src/built.ts', "export * from '../../domain/dist/index';\n", 'views-imports');
plant('libs/need/views/src/subpath.ts', `export * from '${nameOf(FOLDER.domain)}/src/inner';\n`, 'no-unresolvable');
plant('libs/need/views/src/deep.spec.ts', "export * from '../../domain/src/inner';\n", 'tests-meet-public-files');
plant('test/deep.spec.ts', "export * from '../libs/need/domain/src/inner';\n", 'tests-meet-public-files');
plant('libs/need/views/src/app.spec.ts', use(nameOf(FOLDER.app)), 'no-app-from-a-test');
plant(`${DOMAIN}/free.spec.ts`, use(nameOf(FOLDER.testkit)) + "import 'only-for-development';\n", null);
plant(`${DOMAIN}/testing/life.fixtures.ts`, 'export const life = 1;\n', null);
plant(`${DOMAIN}/from-fixtures.ts`, "export * from './testing/life.fixtures';\n", 'no-testing-code');
plant(`${DOMAIN}/from-fixtures.spec.ts`, "export * from './testing/life.fixtures';\n", null);
plant(`${DOMAIN}/from-a-spec.ts`, "export * from './free.spec';\n", 'no-testing-code');
plant('apps/api/src/development.ts', use('only-for-development'), 'no-development-package');
plant('apps/api/src/undeclared.ts', use('not-declared'), 'no-undeclared-package');
plant('apps/api/src/nowhere.ts', use('./no-such-file'), 'no-unresolvable');
plant('apps/api/src/chicken.ts', "import { egg } from './egg';\nexport const chicken = () => egg;\n", 'no-cycle');
plant('apps/api/src/egg.ts', "import { chicken } from './chicken';\nexport const egg = () => chicken;\n", null); // a cycle is said once
plant('apps/api/src/word.ts', "import type { Sense } from './sense';\nexport type Word = Sense | 1;\n", null);
plant('apps/api/src/sense.ts', "import type { Word } from './word';\nexport type Sense = Word[];\n", null);
plant('libs/strange/src/index.ts', use('node:fs'), 'no-unknown-folder');
plant('libs/careless/domain/src/undeclared.ts', use(nameOf(FOLDER['engine-core'])), 'no-undeclared-workspace');

const PACKAGES: readonly FixturePackage[] = [
  ...LAYERS.map((layer) => packageAt(FOLDER[layer], layer)),
  ...LAYERS.flatMap((layer) => (SIBLING[layer] === undefined ? [] : [packageAt(SIBLING[layer], layer)])),
  { ...packageAt('libs/careless/domain', 'domain'), dependencies: {} },
];
const WRONG_TAGS: readonly FixturePackage[] = [
  { ...packageAt('libs/tagless/domain', 'domain'), tags: ['scope:need'] },
  { ...packageAt('libs/twofold/domain', 'domain'), tags: ['layer:domain', 'layer:views'] },
  { ...packageAt('libs/unheard/domain', 'domain'), tags: ['layer:kernel'] },
  { ...packageAt('libs/misplaced/domain', 'domain'), tags: ['layer:app'] },
];

describe('the import boundaries, in a tree where every import is planted', () => {
  let tree: FixtureTree;
  let violations: readonly Violation[];
  beforeAll(async () => {
    const npm = { dependencies: ALL_NPM, devDependencies: ['only-for-development'], undeclared: ['not-declared'] };
    tree = plantTree([...PACKAGES, ...WRONG_TAGS], npm, new Map([...plants].map(([path, { code }]) => [path, code])));
    violations = await violationsOf(tree.root);
  }, TIMEOUT_MS);
  afterAll(() => tree.remove());

  const rulesAt = (path: string): readonly string[] => violations.filter(({ from }) => from === path).map(({ rule }) => rule);

  it.each([...plants].flatMap(([path, { red }]) => (red === null ? [] : [[path, red] as const])))('says no to %s by the rule %s', (path, red) => {
    expect(rulesAt(path)).toContain(red);
  });

  it('says nothing to what is allowed', () => {
    const green = [...plants].filter(([, { red }]) => red === null).map(([path]) => path);
    expect(green.length).toBeGreaterThan(100);
    expect(violations.filter(({ from }) => green.includes(from))).toEqual([]);
  });

  it.each(WRONG_TAGS.map(({ folder }) => folder))('wants one known layer, that of the folder, of %s', (folder) => {
    expect(rulesAt(`${folder}/package.json`)).toEqual(['one-known-layer']);
  });
});

describe('the import boundaries of this repository', () => {
  it(
    'are kept',
    async () => {
      expect(await violationsOf(REPOSITORY)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
