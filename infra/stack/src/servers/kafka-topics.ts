import { AUDIT_TOPIC, CHECKPOINT_TOPIC, kafkaSecurityOf, RECEIPT_TOPIC, securityIn } from '@qiyue/adapters';
import { Kafka, logLevel, type Admin, type ITopicConfig } from 'kafkajs';

const PARTITIONS = 6;
const WEEK_MS = 604_800_000;
const RECEIPTS_KEPT_MS = 12 * WEEK_MS;
/** Above `EVENT_BYTES_MAX` of the event store, whatever the broker's own default is. */
const MESSAGE_BYTES_MAX = 1_048_588;

const adminOf = (brokers: string): Admin =>
  new Kafka({
    clientId: 'qiyue-stack',
    ...kafkaSecurityOf(securityIn(process.env)),
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { retries: 2, initialRetryTime: 200 },
  }).admin();

const withAdmin = async <T>(brokers: string, use: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = adminOf(brokers);
  try {
    await admin.connect();
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
};

/** Throws unless the cluster names a controller and can list its topics. */
export const probeKafka = (brokers: string): Promise<void> =>
  withAdmin(brokers, async (admin) => {
    const { controller } = await admin.describeCluster();
    if (controller === null) throw new Error('the Kafka cluster has no controller yet');
    await admin.listTopics();
  });

const topic = (name: string, retentionMs: number, numPartitions = PARTITIONS): ITopicConfig => ({
  topic: name,
  numPartitions,
  replicationFactor: -1,
  configEntries: [
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: String(retentionMs) },
    { name: 'retention.bytes', value: '-1' },
    { name: 'max.message.bytes', value: String(MESSAGE_BYTES_MAX) },
  ],
});

/** Commands are read within minutes; events and dead letters stay for ever. */
export const topicsOf = (aggregate: string): readonly ITopicConfig[] => [
  topic(`qiyue.${aggregate}.commands`, WEEK_MS),
  topic(`qiyue.${aggregate}.events`, -1),
  topic(`qiyue.${aggregate}.commands.dead`, -1),
  topic(`qiyue.${aggregate}.events.dead`, -1),
];

/** Makes the topics that are missing; one that is there keeps its settings. `brokers`: host:port, commas between several. */
export const ensureTopics = (brokers: string, aggregates: readonly string[]): Promise<void> =>
  withAdmin(brokers, async (admin) => {
    const there = new Set(await admin.listTopics());
    const topics = [
      ...aggregates.flatMap(topicsOf),
      topic(AUDIT_TOPIC, -1),
      topic(RECEIPT_TOPIC, RECEIPTS_KEPT_MS),
      topic(CHECKPOINT_TOPIC, -1, 1),
    ].filter(({ topic: name }) => !there.has(name));
    if (topics.length > 0) await admin.createTopics({ topics: [...topics], waitForLeaders: true });
  });
