/** Runs its files one after the other in Jest's own process, however many workers the others have. */
const { default: TestRunner } = require('jest-runner');

module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
