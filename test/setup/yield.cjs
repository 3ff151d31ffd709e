/** Pure tests beside those on real servers take what these leave of the two cores: a thread of lower priority waits, but never for ever. */
const { readdirSync } = require('node:fs');
const { setPriority } = require('node:os');

const PRIORITY = 10;

if (process.env.QIYUE_PURE_TESTS_YIELD === '1') {
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [process.pid]; // on Linux each thread has its own
  for (const thread of threads) {
    try {
      setPriority(thread, PRIORITY);
    } catch {
      // one that has ended
    }
  }
}
