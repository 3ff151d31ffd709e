/** Runs its files one after the other in a worker of its own, however many workers the others have. */
const { default: TestRunner } = require('jest-runner');

module.exports = class OneAtATimeRunner extends TestRunner {
  constructor(globalConfig, context) {
    super({ ...globalConfig, maxWorkers: 1 }, context);
  }
};
