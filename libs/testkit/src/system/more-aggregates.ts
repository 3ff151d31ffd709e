import { resolve } from 'node:path';

const TESTS = resolve(__dirname, '../../../../test');

/** Kinds of entities that there are for tests only: what `QIYUE_MORE_AGGREGATES` names in a system that is to have them. Their tests compile them. */
export const MORE_AGGREGATES: readonly string[] = [resolve(TESTS, 'lift-inspection/dist/lift-inspection.aggregate.js')];
