/** Suites of the whole system that take minutes each, by their names. `npm test` leaves them out but for `QIYUE_CAMPAIGNS=1`. */
const patternOf = (names) => `/(${names.join('|')})\\.e2e\\.`;

/** CI runs them at its end, where the machine has left the time. */
const IN_CI_IF_QUICK = ['checks-see', 'county', 'faults', 'ladder', 'operator-sees', 'restore', 'retime'];

exports.inCiIfQuick = patternOf(IN_CI_IF_QUICK);
exports.longTests = patternOf([...IN_CI_IF_QUICK, 'rolling-upgrade', 'sagas']);
