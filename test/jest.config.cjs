/** All levels in one run: pure tests, tests on real servers, the whole system. Two cores: one file at a time where servers are at work. */
const base = require('./jest.base.cjs');
const { testRegex: unitRegex } = require('./jest.unit.config.cjs');

module.exports = {
  rootDir: '..',
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/setup/servers.cjs',
  globalTeardown: '<rootDir>/test/setup/servers-end.cjs',
  projects: [
    { ...base, rootDir: '.', displayName: 'unit', testRegex: unitRegex },
    { ...base, rootDir: '.', displayName: 'it', testRegex: '\\.it\\.spec\\.ts$', setupFilesAfterEnv: ['<rootDir>/test/setup/patience.cjs'] },
    { ...base, rootDir: '.', displayName: 'e2e', testRegex: '\\.e2e\\.spec\\.ts$', setupFilesAfterEnv: ['<rootDir>/test/setup/patience.cjs'] },
  ].map((project) => ({ ...project, rootDir: require('node:path').resolve(__dirname, '..') })),
};
