/** A level before the next, wherever both run one file at a time; within a level Jest keeps its own order (what failed, then what takes longest). */
const { default: Sequencer } = require('@jest/test-sequencer');

const LEVELS = ['unit', 'it', 'e2e'];
const levelOf = ({ context }) => LEVELS.indexOf(context.config.displayName?.name);

module.exports = class LevelsInOrder extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => levelOf(a) - levelOf(b));
  }
};
