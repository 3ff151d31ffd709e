/**
 * All levels in one run, one report: pure tests, then those on real servers, two files at a time; then, one at a time, the whole system and whatever
 * takes the machine for itself.
 */
const { join, resolve } = require('node:path');
const base = require('./jest.base.cjs');
const { testRegex: unitRegex } = require('./jest.unit.config.cjs');

const ROOT = resolve(__dirname, '..');
const SETUP = join(__dirname, 'setup');
const ofLevels = { ...base, rootDir: ROOT, runner: join(SETUP, 'levels-runner.cjs'), setupFilesAfterEnv: [join(SETUP, 'patience.cjs')] };

/** What takes minutes each: `QIYUE_CAMPAIGNS=1 npm test` runs them too, and CI does where the machine leaves the time. */
const TAKE_MINUTES = [
  '/test/faults/(checks-see|faults|ladder|operator-sees|rolling-upgrade|sagas)\\.e2e\\.spec\\.ts$',
  '/test/e2e/(county|restore|retime)\\.e2e\\.spec\\.ts$',
];
const campaigns = process.env.QIYUE_CAMPAIGNS === '1' ? [] : TAKE_MINUTES;

module.exports = {
  rootDir: '..',
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB', // each file loads its modules anew, and not all of the last one's are let go
  forceExit: true, // a test that failed may leave a worker or a client behind, which would keep the run from ending
  testSequencer: join(__dirname, 'setup/levels-in-order.cjs'),
  globalSetup: '<rootDir>/test/setup/servers.cjs',
  globalTeardown: '<rootDir>/test/setup/servers-end.cjs',
  projects: [
    { ...ofLevels, displayName: 'unit', testRegex: unitRegex },
    { ...ofLevels, displayName: 'it', testRegex: '\\.it\\.spec\\.ts$' },
    {
      ...ofLevels,
      displayName: 'e2e',
      testRegex: '\\.e2e\\.spec\\.ts$',
      testPathIgnorePatterns: ['/node_modules/', ...campaigns],
    },
  ],
};
