import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KafkajsEventBus, type Publisher, type Subscription } from '@qiyue/adapters';
import { createTopics, eventually, groupMembers, serversFromEnv } from '@qiyue/testkit';

const brokers = (): string[] => serversFromEnv().kafka.split(',');

describe('a subscription', () => {
  let topic: string;
  let groupId: string;
  let publisher: Publisher;
  let subscription: Subscription | null = null;

  beforeEach(async () => {
    topic = `test.bus.${randomBytes(5).toString('hex')}`;
    groupId = `${topic}.group`;
    await createTopics([topic], 2);
    publisher = new KafkajsEventBus(brokers(), 'bus-test').publisher();
  });
  afterEach(async () => {
    await subscription?.close();
    await publisher.close();
  });

  it('joins again and goes on when the broker has dropped it while a batch was being handled', async () => {
    const handled: (string | null)[] = [];
    const bus = new KafkajsEventBus(brokers(), 'bus-test');
    subscription = await bus.subscribe({ groupId, topics: [topic] }, async (messages) => {
      if (handled.length === 0) await eventually('the broker to drop the member', async () => (await groupMembers(groupId)) === 0, 30_000);
      handled.push(...messages.map(({ value }) => value));
    });
    await publisher.send(topic, [{ key: 'a', value: 'first' }]);
    await eventually('the first message', () => handled.includes('first'), 40_000);
    await publisher.send(topic, [{ key: 'a', value: 'second' }]);
    await eventually('the second message', () => handled.includes('second'), 30_000);
    await eventually('the consumer to be a member', () => subscription?.healthy() === true);
    expect(await groupMembers(groupId)).toBe(1);
  }, 90_000);
});
