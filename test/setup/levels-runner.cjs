/**
 * All levels on two cores. Pure tests first, two files at a time. Tests on real servers wait as long as they work, so two files of them run side by
 * side too. One at a time run whole systems, whose processes take both cores, and what starts stacks, takes both cores itself or goes by seconds: of
 * the real clock, or of one that runs days a second, on which a busy machine sleeps through deadlines.
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
const levelOf = ({ context }) => context.config.displayName?.name;
const isAlone = (test) => levelOf(test) === 'e2e' || ALONE.some((name) => test.path.endsWith(`/${name}.it.spec.ts`));

module.exports = class LevelsRunner extends TestRunner {
  constructor(globalConfig, context) {
    super(globalConfig, context);
    const lane = (workers) => new TestRunner({ ...globalConfig, maxWorkers: Math.min(workers, globalConfig.maxWorkers) }, context);
    this.lanes = { pure: lane(2), besides: lane(2), alone: lane(1) };
  }

  async runTests(tests, watcher, options) {
    const pure = tests.filter((test) => levelOf(test) === 'unit');
    const alone = tests.filter(isAlone);
    const besides = tests.filter((test) => !pure.includes(test) && !alone.includes(test));
    for (const [lane, some] of Object.entries({ pure, besides, alone }))
      if (some.length > 0 && !watcher.isInterrupted()) await this.lanes[lane].runTests(some, watcher, options);
  }

  on(eventName, listener) {
    const offs = Object.values(this.lanes).map((lane) => lane.on(eventName, listener));
    return () => offs.forEach((off) => off());
  }
};
