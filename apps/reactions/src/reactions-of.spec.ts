import { expect, it } from '@jest/globals';
import { ENTITY_AGGREGATES, REACTED_TO_AGGREGATES } from '@qiyue/adapters';
import { reactedTo, reactingAggregates } from '@qiyue/engine-runtime';
import { reactionsOf } from './reactions-of';

it('what is reacted to is what the readers of this group are watched for, and gives commands to kinds that there are', () => {
  expect(reactedTo(reactionsOf())).toEqual(REACTED_TO_AGGREGATES);
  for (const aggregate of reactingAggregates(reactionsOf()).keys()) expect(ENTITY_AGGREGATES).toContain(aggregate);
});
