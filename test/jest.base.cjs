/** What every level shares: TypeScript through swc, workspace packages by their sources, so that no test needs a build. */
// mongodb is here for one `await import('os')`, which Jest cannot run: without it the driver's handshake is refused.
const TRANSFORMED = [
  '@nestjs',
  '@noble',
  'jose',
  'openid-client',
  'oauth4webapi',
  'oidc-provider',
  'koa',
  'nanoid',
  'quick-lru',
  'eta',
  'execa',
  'get-port',
  'listr2',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'read-excel-file',
  'saxen',
  'mongodb',
];

module.exports = {
  rootDir: '..',
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['qiyue-source', 'node', 'node-addons', 'require', 'default'] },
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true }, target: 'es2022' },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${TRANSFORMED.join('|')})/)`],
  // What is loaded only when it is asked for is named as it is once built.
  moduleNameMapper: { '^(\\.{1,2}/.*\\.commands?)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/', '/.qiyue/'],
  moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'node'],
};
