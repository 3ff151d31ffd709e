import { AUDIT_TOPIC, CHECKPOINT_TOPIC, receiptTopicOf } from '@qiyue/audit';
import { kafkaSecurityOf, securityIn } from '@qiyue/platform';
import { ConfigResourceTypes, Kafka, logLevel, type Admin, type ITopicConfig } from 'kafkajs';

const PARTITIONS = 6;
const WEEK_MS = 604_800_000;
const RECEIPTS_KEPT_MS = 12 * WEEK_MS;
/** Records of access have to be kept for six months at least; a topic that keeps them less is mended to keep them for ever. */
const FACTS_KEPT_MS_MIN = 184 * 86_400_000;

/**
 * What a topic takes at most as one batch. Of commands more than the API may hand over: a body of 1,000,000 bytes whose texts are sealed is
 * a third longer, and a token and the envelope come on top. Of everything else, events and dead letters among it, well above what is ever
 * published there (events are bounded where commands come in, dead letters are cut at 500 KB, the relay sends 500 KB at a time), so that
 * nothing that was taken once is refused later.
 */
const COMMAND_BYTES_MAX = 1_500_000;
const BATCH_BYTES_MAX = 2_097_152;

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

interface TopicShape {
  readonly retentionMs: number;
  readonly partitions?: number;
  readonly batchBytesMax?: number;
}

const topic = (name: string, { retentionMs, partitions = PARTITIONS, batchBytesMax = BATCH_BYTES_MAX }: TopicShape): ITopicConfig => ({
  topic: name,
  numPartitions: partitions,
  replicationFactor: -1,
  configEntries: [
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: String(retentionMs) },
    { name: 'retention.bytes', value: '-1' },
    ...safeSettings(batchBytesMax),
  ],
});

/**
 * What nobody else who uses the topic may decide for our readers. `uncompressed`: whatever a producer packs with, the broker unpacks, holds it
 * against the limit, and stores it so that no reader has to. `LogAppendTime`: the broker's clock, not a sender's, says when a message
 * came, which is what its token is held against.
 */
const safeSettings = (batchBytesMax: number): readonly Entry[] => [
  { name: 'compression.type', value: 'uncompressed' },
  { name: 'message.timestamp.type', value: 'LogAppendTime' },
  { name: BYTES_MAX, value: String(batchBytesMax) },
];
const BYTES_MAX = 'max.message.bytes';
const IN_SYNC = 'min.insync.replicas';

/**
 * How many brokers must have a message before it counts as kept. With three copies two of them, so that what was acknowledged outlives any
 * one broker; with fewer, one, since else the first broker that is away would stop all writing.
 */
export const inSyncFor = (copies: number): number => (copies >= 3 ? 2 : 1);

/** Commands are read within minutes; events and dead letters stay for ever. */
export const topicsOf = (aggregate: string): readonly ITopicConfig[] => [
  topic(`qiyue.${aggregate}.commands`, { retentionMs: WEEK_MS, batchBytesMax: COMMAND_BYTES_MAX }),
  topic(`qiyue.${aggregate}.events`, { retentionMs: -1 }),
  topic(`qiyue.${aggregate}.commands.dead`, { retentionMs: -1 }),
  topic(`qiyue.${aggregate}.events.dead`, { retentionMs: -1 }),
  topic(receiptTopicOf(aggregate), { retentionMs: RECEIPTS_KEPT_MS }),
];

export const allTopics = (aggregates: readonly string[]): readonly ITopicConfig[] => [
  ...aggregates.flatMap(topicsOf),
  topic(AUDIT_TOPIC, { retentionMs: -1 }),
  topic(CHECKPOINT_TOPIC, { retentionMs: -1, partitions: 1 }),
];

/**
 * Makes the topics that are missing, and mends what is not safe of those that are there: their other settings, and a limit that somebody
 * has raised, stay. `brokers`: host:port, commas between several.
 */
export const ensureTopics = (brokers: string, aggregates: readonly string[]): Promise<void> =>
  withAdmin(brokers, async (admin) => {
    const there = new Set(await admin.listTopics());
    const wanted = allTopics(aggregates);
    const missing = wanted.filter(({ topic: name }) => !there.has(name));
    if (missing.length > 0) await admin.createTopics({ topics: [...missing], waitForLeaders: true });
    await onceKnown(() => mendTopics(admin, wanted));
  });

/** A broker may not have heard yet of a topic that its controller has just made. */
const onceKnown = async (work: () => Promise<void>): Promise<void> => {
  for (let looks = 1; ; looks += 1) {
    try {
      return await work();
    } catch (error) {
      if (looks >= LOOKS_MAX || (error as { readonly type?: unknown }).type !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
};

interface Entry {
  readonly name: string;
  readonly value: string;
}

/** `source` of a setting that is the topic's own, and not the broker's or Kafka's. */
const OF_THE_TOPIC = 1;

/** Resolves when the broker tells of the new settings, which is a moment after it took them. */
const mendTopics = async (admin: Admin, wanted: readonly ITopicConfig[]): Promise<void> => {
  if (wanted.length === 0) return;
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const resources = await unsafeTopics(admin, wanted);
    if (resources.length === 0) return;
    if (looks === 0) await admin.alterConfigs({ validateOnly: false, resources: [...resources] });
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error('the settings of topics could not be mended');
};
const [LOOKS_MAX, LOOK_EVERY_MS] = [50, 100];

type Resources = Parameters<Admin['alterConfigs']>[0]['resources'];

/** kafkajs can only set all of a topic's settings at once, so what it has of its own is given back to it. */
const unsafeTopics = async (admin: Admin, wanted: readonly ITopicConfig[]): Promise<Resources> => {
  const copies = await copiesOf(admin, wanted);
  const described = await admin.describeConfigs({
    includeSynonyms: false,
    resources: wanted.map(({ topic: name }) => ({ type: ConfigResourceTypes.TOPIC, name })),
  });
  return described.resources.flatMap(({ resourceName, configEntries }) => {
    const own = configEntries
      .filter(({ configSource, isSensitive }) => Number(configSource) === OF_THE_TOPIC && !isSensitive)
      .map(({ configName, configValue }) => ({ name: configName, value: configValue }));
    const shape = wanted.find(({ topic: name }) => name === resourceName);
    const mended = shape === undefined ? null : mendedSettings(own, shape, copies.get(resourceName));
    return mended === null ? [] : [{ type: ConfigResourceTypes.TOPIC, name: resourceName, configEntries: [...mended] }];
  });
};

/** On how many brokers each topic lies: of its partitions the one with the fewest. */
const copiesOf = async (admin: Admin, wanted: readonly ITopicConfig[]): Promise<ReadonlyMap<string, number>> => {
  const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ topic: name }) => name) });
  return new Map(topics.map(({ name, partitions }) => [name, Math.min(...partitions.map(({ replicas }) => replicas.length))]));
};

/** Of the topic of facts alone: what of it would go too early. */
const keptSettings = (name: string, values: ReadonlyMap<string, string>): readonly Entry[] => {
  if (name !== AUDIT_TOPIC) return [];
  const kept = Number(values.get('retention.ms') ?? 0);
  const isLong = kept === -1 || kept >= FACTS_KEPT_MS_MIN;
  return [
    ...(isLong ? [] : [{ name: 'retention.ms', value: '-1' }]),
    ...(values.get('retention.bytes') === '-1' ? [] : [{ name: 'retention.bytes', value: '-1' }]),
    ...(values.get('cleanup.policy') === 'delete' ? [] : [{ name: 'cleanup.policy', value: 'delete' }]),
  ];
};

/** Null when nothing is to be changed. `copies`: on so many brokers the topic lies; what asks for more of them than is safe here stays. */
export const mendedSettings = (
  own: readonly Entry[],
  { topic: name, configEntries = [] }: Pick<ITopicConfig, 'topic' | 'configEntries'>,
  copies = 1,
): readonly Entry[] | null => {
  const values = new Map(own.map((entry) => [entry.name, entry.value]));
  const limit = Number(configEntries.find((entry) => entry.name === BYTES_MAX)?.value ?? 0);
  const inSync = Math.max(inSyncFor(copies), Math.min(Number(values.get(IN_SYNC) ?? 0), copies));
  const safe = [
    ...safeSettings(Math.max(limit, Number(values.get(BYTES_MAX) ?? 0))),
    { name: IN_SYNC, value: String(inSync) },
    ...keptSettings(name, values),
  ];
  if (safe.every((entry) => values.get(entry.name) === entry.value)) return null;
  for (const entry of safe) values.set(entry.name, entry.value);
  return [...values].map(([key, value]) => ({ name: key, value }));
};
