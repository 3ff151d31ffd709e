import { expect, it } from '@jest/globals';
import { consumerGroupsOf, REACTIONS_GROUP } from '@qiyue/platform';
import { AGGREGATES } from '@qiyue/aggregates';
import { eventTopicOf } from '@qiyue/engine';
import { reactionsOf } from '@qiyue/aggregate';

it('every kind of entity may be given commands, and who reacts is looked at for how far behind it is', () => {
  expect(reactionsOf(AGGREGATES).map(({ decider }) => decider.aggregate)).toEqual(AGGREGATES.map(({ decider }) => decider.aggregate));
  const reacting = reactionsOf(AGGREGATES).filter(({ reactions = [] }) => reactions.length > 0);
  const looked = consumerGroupsOf(AGGREGATES).filter(({ group }) => group === REACTIONS_GROUP);
  expect(looked.map(({ topic }) => topic)).toEqual(reacting.map(({ decider }) => eventTopicOf(decider.aggregate)));
});

it('an aggregate that reacts has its group', () => {
  const one = { decider: { aggregate: 'order' }, model: { name: 'orders' }, reactions: [{}] };
  expect(consumerGroupsOf([one])).toContainEqual({ group: REACTIONS_GROUP, topic: eventTopicOf('order') });
});
