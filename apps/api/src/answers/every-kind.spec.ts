import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';

/** Needs were there first: who may do what with them is in `access.it.spec.ts`, stage by stage. */
const OF_NEEDS = join(__dirname, '../access.it.spec.ts');

it.each(AGGREGATES.map(({ decider }) => decider.aggregate))('the answers to every command on a %s are compared over HTTP', (aggregate) => {
  expect(existsSync(aggregate === 'need' ? OF_NEEDS : join(__dirname, `${aggregate}.it.spec.ts`))).toBe(true);
});
