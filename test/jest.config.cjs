/**
 * All levels in one run. Pure tests first, then those on real servers, two files at a time; then, one at a time, the whole system and whatever takes
 * the machine for itself.
 */
const { join, resolve } = require('node:path');
const base = require('./jest.base.cjs');
const { testRegex: unitRegex } = require('./jest.unit.config.cjs');
const { longTests } = require('./setup/long-tests.cjs');

const ROOT = resolve(__dirname, '..');
const SETUP = join(__dirname, 'setup');
const patient = { ...base, rootDir: ROOT, setupFilesAfterEnv: [join(SETUP, 'patience.cjs')] };
const withServers = { ...patient, runner: join(SETUP, 'servers-runner.cjs') };
const leftOut = process.env.QIYUE_CAMPAIGNS === '1' ? [] : [longTests];

module.exports = {
  rootDir: '..',
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB', // each file loads its modules anew, and not all of the last one's are let go
  forceExit: true, // a test that failed may leave a worker or a client behind, which would keep the run from ending
  testSequencer: join(__dirname, 'setup/levels-in-order.cjs'),
  globalSetup: '<rootDir>/test/setup/servers.cjs',
  globalTeardown: '<rootDir>/test/setup/servers-end.cjs',
  projects: [
    { ...patient, displayName: 'unit', testRegex: unitRegex },
    { ...withServers, displayName: 'it', testRegex: '\\.it\\.spec\\.ts$' },
    {
      ...withServers,
      displayName: 'e2e',
      testRegex: '\\.e2e\\.spec\\.ts$',
      testPathIgnorePatterns: ['/node_modules/', ...leftOut],
    },
  ],
};
