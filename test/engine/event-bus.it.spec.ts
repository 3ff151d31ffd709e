import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { ConsumerLag, KafkajsEventBus, ReaderPositions, type Publisher, type Subscription } from '@qiyue/platform';
import { createTopics, eventually, freshStore, groupMembers, serversFromEnv, withAdmin } from '@qiyue/testkit';

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

  describe('of a group that goes by its own word', () => {
    const NUMBERS = Array.from({ length: 40 }, (_, i) => String(i));
    let store: Awaited<ReturnType<typeof freshStore>>;
    let handled: Set<string>;
    beforeEach(async () => {
      store = await freshStore();
      handled = new Set();
    });
    afterEach(() => store.drop());

    const subscribe = async (): Promise<Subscription> =>
      (subscription = await new KafkajsEventBus(brokers(), 'qiyue-test').subscribe(
        { groupId, topics: [topic], positions: new ReaderPositions(store.store.db, groupId) },
        async (messages) => messages.forEach(({ value }) => handled.add(value ?? '')),
      ));
    const send = (name: string): Promise<void> =>
      publisher.send(
        topic,
        NUMBERS.map((number) => ({ key: number, value: `${name} ${number}` })),
      );
    const isHandled = (name: string): boolean => NUMBERS.every((number) => handled.has(`${name} ${number}`));
    const isNoted = async (name: string): Promise<void> => {
      await send(name);
      await eventually(`${name} to be handled`, () => isHandled(name), 30_000);
      const lag = new ConsumerLag(brokers(), 'test', { groups: [{ group: groupId, topic }], db: store.store.db });
      await eventually(`${name} to be noted`, async () => (await lag.read())[0]?.messages === 0, 10_000);
      await lag.close();
    };

    it('reads what a stranger has read in its name, and shows both meanwhile', async () => {
      await subscribe();
      await isNoted('before');
      const eaten = new Set<string>();
      const stranger = new Kafka({ brokers: brokers(), clientId: 'stranger', logLevel: logLevel.NOTHING }).consumer({ groupId });
      await stranger.connect();
      await stranger.subscribe({ topics: [topic] });
      await stranger.run({ eachMessage: async ({ message }) => void eaten.add(String(message.value)) });
      await eventually('both to be members', async () => (await groupMembers(groupId)) === 2, 30_000);
      await send('during');
      await eventually('the stranger to have eaten, and us too', () => eaten.size > 0 && handled.size + eaten.size >= 2 * NUMBERS.length, 30_000);
      const lag = new ConsumerLag(brokers(), 'test', { groups: [{ group: groupId, topic }], db: store.store.db });
      await eventually('what was eaten to be behind', async () => (await lag.read())[0]?.messages === eaten.size, 10_000);
      expect((await lag.read())[0]?.foreign).toEqual(['127.0.0.1']);
      await stranger.disconnect();
      await eventually('all to be handled', () => isHandled('during'), 30_000);
      await eventually('nothing to be behind', async () => (await lag.read())[0]?.messages === 0, 10_000);
      expect((await lag.read())[0]?.foreign).toEqual([]);
      await lag.close();
    }, 120_000);

    it('reads what somebody has moved its offsets past', async () => {
      await (await subscribe()).close();
      await subscribe();
      await isNoted('before');
      await subscription?.close();
      await send('skipped');
      await withAdmin(brokers(), async (admin) => {
        await eventually('the group to be empty', async () => (await groupMembers(groupId)) === 0, 30_000);
        const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ partition, offset: high }));
        await admin.setOffsets({ groupId, topic, partitions });
      });
      await subscribe();
      await eventually('what was skipped', () => isHandled('skipped'), 30_000);
    }, 90_000);
  });
});
