/**
 * Who may import whom, for dependency-cruiser. `layers.json` lists per layer what is allowed; everything else is red.
 *
 * - `imports`: layers of which the public files, `src/index.ts` above all, may be imported; `types`: the same, by `import type` only.
 * - `npm`: packages, or `*` for whatever the package itself declares. `node`: whether Node's builtins are allowed.
 * - Test code (`*.spec.ts`, and `src/testing/` beside what it tests) may import every public file, and other test code.
 */
const layers = require('./layers.json');

const TEST_CODE = '(\\.spec\\.ts$|/src/testing/)';
/** Beside `index.ts`: what a package exports apart, because the rest of it takes long to load. */
const ENTRY = '/src/(index|place|text)\\.ts$';
const ANY_NPM = '(^|/)node_modules/';
const entries = Object.entries(layers);
const anyFolder = entries.map(([, { folder }]) => folder).join('|');

const publicFilesOf = (names) => (names.length === 0 ? [] : [`^(${names.map((name) => layers[name].folder).join('|')})${ENTRY}`]);
const npmOf = (names) => names.map((name) => (name === '*' ? ANY_NPM : `${ANY_NPM}${name}/`));
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
/** `$1` in a rule's `to` is the folder that this has matched. */
const productionOf = ({ folder }) => ({ path: `^(${folder})/`, pathNot: TEST_CODE });

const importsRule = ([name, layer]) => {
  const { imports, types = [], npm } = layer;
  const allowed = [...imports, ...types.map((type) => `types of ${type}`), ...npm].join(', ');
  const pathNot = ['^$1/', ...publicFilesOf([...imports, ...types]), ...npmOf(npm)];
  return rule(`${name}-imports`, `allowed beside itself: ${allowed || 'nothing'}`, productionOf(layer), {
    pathNot,
    dependencyTypesNot: ['core'],
    couldNotResolve: false,
  });
};

const noNodeRule = ([name, layer]) => rule(`${name}-no-node`, "none of Node's builtins", productionOf(layer), { dependencyTypes: ['core'] });

const typesOnlyRule = ([name, layer]) =>
  rule(`${name}-types-only`, `of ${layer.types.join(', ')} by import type only`, productionOf(layer), {
    path: publicFilesOf(layer.types),
    dependencyTypesNot: ['type-only'],
  });

const testCode = [`^(${anyFolder})/.*\\.spec\\.ts$`, `^(${anyFolder})/src/testing/`, '^(test)/'];

module.exports = {
  forbidden: [
    ...entries.map(importsRule),
    ...entries.filter(([, { node }]) => !node).map(noNodeRule),
    ...entries.filter(([, { types }]) => types).map(typesOnlyRule),
    rule('no-unknown-folder', 'every source lies in a layer', { path: '^(libs|apps|workflows|infra|test)/', pathNot: `^(${anyFolder})/` }, {}),
    rule(
      'tests-meet-public-files',
      'a test too meets other packages by their public file',
      { path: testCode },
      {
        path: `^(${anyFolder})/`,
        pathNot: ['^$1/', `^(${anyFolder})${ENTRY}`, '^test/'],
      },
    ),
    rule('no-app-from-a-test', 'an app is started, not imported', { path: [TEST_CODE, '^test/'], pathNot: '^apps/' }, { path: '^apps/' }),
    rule('no-testing-code', 'test code stays out of what runs', { pathNot: `${TEST_CODE}|^test/` }, { path: TEST_CODE }),
    rule('no-undeclared-package', 'what is imported is declared', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    rule(
      'no-development-package',
      'what runs needs no development package',
      { pathNot: `${TEST_CODE}|^(test|libs/testkit)/` },
      {
        dependencyTypes: ['npm-dev'],
      },
    ),
    rule(
      'kafkajs-behind-its-port',
      'EventBus is all that the rest knows of Kafka',
      { path: '^(apps|libs)/', pathNot: `^libs/(platform/src/kafka|testkit)/|${TEST_CODE}` },
      { path: `${ANY_NPM}kafkajs/` },
    ),
    rule(
      'only-the-list-names-aggregates',
      'an aggregate is named in its own folder and in the list of all; what serves them folds over the list',
      {
        path: '^(apps|infra|libs/(platform|privacy|audit|edge|papers|civic|engine|notices)|workflows/(evidence|retime|saga))/',
        pathNot: `${TEST_CODE}|^apps/cli/src/(demo|show)/`,
      },
      { path: '^libs/((?!civic/)[^/]+/(domain|contracts|views|aggregate)|reports)/' },
    ),
    rule('no-unresolvable', 'every import leads somewhere', {}, { couldNotResolve: true }),
    // An `import type` is gone once compiled, so a cycle that has one in it is none at run time.
    rule('no-cycle', 'no module waits for itself', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
  ],
  options: {
    doNotFollow: { path: '(^|/)(node_modules|dist)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    exoticRequireStrings: ['require.resolve'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['qiyue-source', 'node', 'require', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
      mainFields: ['main', 'types'],
    },
  },
};
