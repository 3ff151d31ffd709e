import { Kafka, logLevel } from 'kafkajs';
import { KafkajsEventBus, type IncomingMessage } from '@qiyue/adapters';
import { serversFromEnv } from './engine-bench';
import { eventually } from './eventually';

/** Creates topics that are not there yet, and waits until they can be used. */
export const createTopics = async (topics: readonly string[], numPartitions = 6): Promise<void> => {
  const admin = new Kafka({ brokers: serversFromEnv().kafka.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !there.has(topic));
    if (missing.length > 0)
      await admin.createTopics({ waitForLeaders: true, topics: missing.map((topic) => ({ topic, numPartitions, replicationFactor: 1 })) });
  } finally {
    await admin.disconnect();
  }
};

/** How many members the broker counts in a consumer group. */
export const groupMembers = async (groupId: string): Promise<number> => {
  const admin = new Kafka({ brokers: serversFromEnv().kafka.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return (await admin.describeGroups([groupId])).groups[0]?.members.length ?? 0;
  } finally {
    await admin.disconnect();
  }
};

/** Reads a topic from the beginning until `enough` says so; answers all messages in the order of each partition. */
export const readTopic = async (
  topic: string,
  enough: (messages: readonly IncomingMessage[]) => boolean,
  boundMs = 20_000,
): Promise<readonly IncomingMessage[]> => {
  const messages: IncomingMessage[] = [];
  const bus = new KafkajsEventBus(serversFromEnv().kafka.split(','), 'qiyue-test');
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
