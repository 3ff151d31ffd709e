/**
 * Pure tests before those with servers, whose answers are waited for with a bound. Jest gives each runner its files as a whole, in the
 * order in which the first file of each comes; within a level it keeps its own order (what failed, then what takes longest).
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const LEVELS = ['unit', 'it', 'e2e'];
const levelOf = ({ context }) => LEVELS.indexOf(context.config.displayName?.name);

module.exports = class LevelsInOrder extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => levelOf(a) - levelOf(b));
  }
};
