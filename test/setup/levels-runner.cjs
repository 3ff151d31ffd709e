/**
 * All levels on two cores. Tests on real servers wait as long as they work, so two files run side by side. One at a time run whole systems, whose
 * processes take both cores when they start and half of them later, and what starts stacks, takes both cores itself or goes by seconds: of the
 * real clock, or of one that runs days a second, on which a busy machine sleeps through deadlines. Pure tests have all the time in the world: beside
 * those that run alone they take what is left, by a priority that yields.
 */
const { default: TestRunner } = require('jest-runner');

/** Not even with pure tests beside them. */
const BY_THEMSELVES = [
  ...['flood', 'idle', 'system-health'], // take both cores, or ask how busy they are
  ...['changed-rules', 'keys', 'not-after', 'refused-holds-clock'], // seconds of the real clock
];
const ALONE = [
  ...['build-program', 'start-servers', 'up-and-down'], // start stacks
  // a clock that runs days or months a second
  ...['answers/contract', 'answers/decision', 'answers/project', 'answers/resource', 'answers/unit-year', 'docs/examples'],
  ...['src/contract', 'src/decision', 'src/unit-year'],
];
const levelOf = ({ context }) => context.config.displayName?.name;
const isOneOf =
  (names) =>
  ({ path }) =>
    names.some((name) => path.endsWith(`/${name}.it.spec.ts`));

module.exports = class LevelsRunner extends TestRunner {
  constructor(globalConfig, context) {
    super(globalConfig, context);
    const lane = (workers) => new TestRunner({ ...globalConfig, maxWorkers: Math.min(workers, globalConfig.maxWorkers) }, context);
    this.lanes = { besides: lane(2), byThemselves: lane(1), alone: lane(1), yielding: lane(1), pure: lane(2) };
  }

  async runTests(tests, watcher, options) {
    const pure = tests.filter((test) => levelOf(test) === 'unit');
    const byThemselves = tests.filter(isOneOf(BY_THEMSELVES));
    const alone = tests.filter((test) => levelOf(test) === 'e2e' || isOneOf(ALONE)(test));
    const besides = tests.filter((test) => ![pure, byThemselves, alone].some((some) => some.includes(test)));
    const run = async (lane, some) => {
      if (some.length > 0 && !watcher.isInterrupted()) await this.lanes[lane].runTests(some, watcher, options);
    };
    const yields = alone.length > 0 && !options.serial;
    if (!yields) await run('pure', pure);
    await run('besides', besides);
    await run('byThemselves', byThemselves);
    if (yields) process.env.QIYUE_PURE_TESTS_YIELD = '1'; // for the workers, which begin now
    await Promise.all([run('alone', alone), ...(yields ? [run('yielding', pure)] : [])]);
  }

  on(eventName, listener) {
    const offs = Object.values(this.lanes).map((lane) => lane.on(eventName, listener));
    return () => offs.forEach((off) => off());
  }
};
