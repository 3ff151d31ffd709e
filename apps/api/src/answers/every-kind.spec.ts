import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { contractAnswers } from '../testing/answers/contract.answers';
import { decisionAnswers } from '../testing/answers/decision.answers';
import { pacesOf } from '../testing/answers/kind';
import { projectAnswers } from '../testing/answers/project.answers';
import { resourceAnswers } from '../testing/answers/resource.answers';
import { unitYearAnswers } from '../testing/answers/unit-year.answers';

/** Needs were there first: who may do what with them is in `access.it.spec.ts`, stage by stage. */
const OF_NEEDS = join(__dirname, '../access.it.spec.ts');

it.each(AGGREGATES.map(({ decider }) => decider.aggregate))('the answers to every command on a %s are compared over HTTP', (aggregate) => {
  expect(existsSync(aggregate === 'need' ? OF_NEEDS : join(__dirname, `${aggregate}.it.spec.ts`))).toBe(true);
});

it.each([contractAnswers, decisionAnswers, projectAnswers, resourceAnswers, unitYearAnswers])(
  'also where deadlines lead to, if there is such a place: $aggregate.decider.aggregate',
  (kind) => {
    const inTime = existsSync(join(__dirname, `${kind.aggregate.decider.aggregate}-in-time.it.spec.ts`));
    expect(inTime).toBe(pacesOf(kind).length > 0);
  },
);
