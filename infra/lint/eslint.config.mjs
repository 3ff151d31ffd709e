import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';
import { DOMAIN, ENGINE_WORKFLOW, EVERYWHERE, IN_TESTS, PURE, RESTRICTED_GLOBALS, THIN_WORKFLOW } from './purity.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const TEST_CODE = ['**/*.spec.ts', '**/src/testing/**', 'test/**'];
const RULES = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/ban-ts-comment': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-for-in-array': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-assignment': 'error',
  '@typescript-eslint/no-unsafe-call': 'error',
  '@typescript-eslint/no-unsafe-member-access': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  eqeqeq: 'error',
  'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
  'no-fallthrough': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
};

/** In tests a wrong type only makes a red test, and `JSON.parse` is everywhere. */
const RELAXED_IN_TESTS = Object.fromEntries(
  Object.keys(RULES)
    .filter((name) => name.startsWith('@typescript-eslint/no-unsafe-') || name === '@typescript-eslint/await-thenable')
    .map((name) => [name, 'off']),
);

const only = (...restricted) => ({ 'no-restricted-syntax': ['error', ...restricted] });
const pure = (files, restricted) => ({
  files,
  ignores: TEST_CODE,
  rules: { ...only(...restricted), 'no-restricted-globals': ['error', ...RESTRICTED_GLOBALS] },
});

export default [
  { ignores: ['**/dist/**', '**/node_modules/**', 'libs/client/src/schema.ts'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parser: tseslint.parser, parserOptions: { project: `${HERE}/tsconfig.json`, tsconfigRootDir: HERE } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: { ...RULES, ...only(...EVERYWHERE) },
  },
  { files: TEST_CODE, rules: { ...RELAXED_IN_TESTS, ...only(...EVERYWHERE, ...IN_TESTS) } },
  pure(['libs/engine/core/**/*.ts', 'libs/*/contracts/**/*.ts', 'libs/*/views/**/*.ts'], PURE),
  pure(['libs/*/domain/**/*.ts', 'libs/calendar/**/*.ts', 'libs/notices/**/*.ts'], DOMAIN),
  pure(['libs/engine/workflow/**/*.ts'], ENGINE_WORKFLOW),
  pure(['workflows/**/*.ts'], THIN_WORKFLOW),
];
