/** Pure tests: no server, seconds. */
module.exports = { ...require('./jest.base.cjs'), testRegex: '(?<!\\.(it|e2e))\\.spec\\.ts$' };
