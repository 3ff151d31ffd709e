/**
 * How many random lives a test tries of those that a law is stated for: all with `QIYUE_CAMPAIGNS=1`, a fifth of them otherwise, as a
 * change waits for its tests.
 */
export const livesToTry = (all: number): number => (process.env['QIYUE_CAMPAIGNS'] === '1' ? all : Math.ceil(all / 5));
