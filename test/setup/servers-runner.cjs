/**
 * Tests on real servers wait as long as they work, so two files run side by side. One at a time run whole systems, whose processes take both
 * cores, and what starts stacks, takes both cores itself or goes by seconds: of the real clock, or of one that runs days a second, on which a
 * busy machine sleeps through deadlines.
 */
const { default: TestRunner } = require('jest-runner');

const ALONE = [
  ...['build-program', 'start-servers', 'up-and-down'], // start stacks
  ...['flood', 'idle', 'system-health'], // take both cores, or ask how busy they are
  ...['changed-rules', 'keys', 'not-after', 'refused-holds-clock'], // seconds of the real clock
  // a clock that runs days or months a second
  ...['answers/contract-in-time', 'answers/decision-in-time', 'answers/project-in-time', 'docs/examples'],
  ...['src/contract', 'src/decision', 'src/unit-year'],
];
const isAlone = ({ path, context }) => context.config.displayName?.name === 'e2e' || ALONE.some((name) => path.endsWith(`/${name}.it.spec.ts`));

module.exports = class ServersRunner extends TestRunner {
  constructor(globalConfig, context) {
    super(globalConfig, context);
    const lane = (workers) => new TestRunner({ ...globalConfig, maxWorkers: Math.min(workers, globalConfig.maxWorkers) }, context);
    [this.besides, this.alone] = [lane(2), lane(1)];
  }

  async runTests(tests, watcher, options) {
    const beside = tests.filter((test) => !isAlone(test));
    const alone = tests.filter(isAlone);
    if (beside.length > 0) await this.besides.runTests(beside, watcher, options);
    if (alone.length > 0 && !watcher.isInterrupted()) await this.alone.runTests(alone, watcher, options);
  }

  on(eventName, listener) {
    const offs = [this.besides, this.alone].map((lane) => lane.on(eventName, listener));
    return () => offs.forEach((off) => off());
  }
};
