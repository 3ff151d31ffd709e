import { Kafka, logLevel, type Admin } from 'kafkajs';
import { KafkajsEventBus, type IncomingMessage } from '@qiyue/platform';
import { serversFromEnv } from './engine-bench';
import { eventually } from './eventually';

/** Work that the broker's admin does, on a connection of its own. */
export const withAdmin = async <T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};

const brokersFromEnv = (): string[] => serversFromEnv().kafka.split(',');

/** Creates topics that are not there yet, and waits until they can be used. */
export const createTopics = (topics: readonly string[], numPartitions = 6): Promise<void> =>
  withAdmin(brokersFromEnv(), async (admin) => {
    const there = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !there.has(topic));
    if (missing.length > 0)
      await admin.createTopics({ waitForLeaders: true, topics: missing.map((topic) => ({ topic, numPartitions, replicationFactor: 1 })) });
  });

/** How many members the broker counts in a consumer group. */
export const groupMembers = (groupId: string): Promise<number> =>
  withAdmin(brokersFromEnv(), async (admin) => (await admin.describeGroups([groupId])).groups[0]?.members.length ?? 0);

/** Reads a topic from the beginning until `enough` says so; answers all messages in the order of each partition. */
export const readTopic = async (
  topic: string,
  enough: (messages: readonly IncomingMessage[]) => boolean,
  boundMs = 20_000,
): Promise<readonly IncomingMessage[]> => {
  const messages: IncomingMessage[] = [];
  const bus = new KafkajsEventBus(brokersFromEnv(), 'qiyue-test');
  const subscription = await bus.subscribe({ groupId: `test-${Date.now()}-${Math.random()}`, topics: [topic] }, async (batch) => {
    messages.push(...batch);
  });
  try {
    await eventually(`enough messages on ${topic}`, () => enough(messages), boundMs);
    return messages;
  } finally {
    await subscription.close();
  }
};
