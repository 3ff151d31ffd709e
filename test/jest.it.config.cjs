/** Real servers, whose addresses come by the environment. */
module.exports = { ...require('./jest.base.cjs'), testRegex: '\\.it\\.spec\\.ts$', testTimeout: 30_000, maxWorkers: 1 };
