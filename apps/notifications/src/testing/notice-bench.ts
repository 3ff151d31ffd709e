import { randomBytes } from 'node:crypto';
import { DirectoryStore, NoticeStore, PreferenceStore, type NoticeDoc } from '@qiyue/edge';
import { createLogger, KafkajsEventBus, settingsSchema, type EventBus, type Publisher, type Running } from '@qiyue/platform';
import { namesOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { eventTopicOf, type EventRecord } from '@qiyue/engine';
import { toCloudEvent, toLedgerDocument, type LedgerStore } from '@qiyue/engine-runtime';
import { createTopics, freshStore, serversFromEnv } from '@qiyue/testkit';
import { startNotifications, type NotificationSettings } from '../start-notifications';

export const quiet = createLogger('test', 'fatal');

/** The same bus under topics of its own: a test shares the brokers with others, but not their events. */
const withPrefix = (bus: EventBus, prefix: string): EventBus => ({
  publisher: () => {
    const inner = bus.publisher();
    return { send: (topic, messages) => inner.send(prefix + topic, messages), close: () => inner.close() };
  },
  subscribe: ({ topics, groupId, ...options }, handle) =>
    bus.subscribe({ ...options, groupId: prefix + groupId, topics: topics.map((topic) => prefix + topic) }, (messages, ...rest) =>
      handle(
        messages.map((message) => ({ ...message, topic: message.topic.slice(prefix.length) })),
        ...rest,
      ),
    ),
});

export const notificationSettings = (database: string, changes: Readonly<Record<string, string>> = {}): NotificationSettings =>
  settingsSchema.parse({
    QIYUE_TEMPORAL_ADDRESS: 'not-used:1',
    QIYUE_KAFKA_BROKERS: serversFromEnv().kafka,
    QIYUE_MONGODB_URI: serversFromEnv().mongodb,
    QIYUE_MONGODB_DATABASE: database,
    QIYUE_JWKS: 'not-used',
    QIYUE_KEYS: 'not-used',
    QIYUE_WEBHOOK_HOSTS: '127.0.0.1',
    ...changes,
  });

/** Ledger, topic and collections of its own on the real servers; processes are started over them. */
export class NoticeBench {
  readonly notices: NoticeStore;
  readonly directory: DirectoryStore;
  readonly preferences: PreferenceStore;
  private readonly running = new Set<Running>();
  private readonly bus: EventBus;
  private readonly publisher: Publisher;

  private constructor(
    readonly store: LedgerStore,
    private readonly drop: () => Promise<void>,
    readonly prefix: string,
  ) {
    this.notices = new NoticeStore(store.db);
    this.directory = new DirectoryStore(store.db);
    this.preferences = new PreferenceStore(store.db);
    this.bus = withPrefix(new KafkajsEventBus(serversFromEnv().kafka.split(','), 'qiyue-test'), prefix);
    this.publisher = this.bus.publisher();
  }

  static async create(): Promise<NoticeBench> {
    const prefix = `t${randomBytes(5).toString('hex')}.`;
    const { store, drop } = await freshStore();
    const topics = namesOf(AGGREGATES).map(eventTopicOf);
    await createTopics(
      topics.flatMap((topic) => [prefix + topic, `${prefix}${topic}.dead`]),
      3,
    );
    return new NoticeBench(store, drop, prefix);
  }

  async start(changes: Readonly<Record<string, string>> = {}, groupId?: string): Promise<Running> {
    const settings = notificationSettings(this.store.db.databaseName, changes);
    const started = await startNotifications(settings, quiet, { bus: this.bus, tellsTroubles: false, ...(groupId === undefined ? {} : { groupId }) });
    this.running.add(started);
    return started;
  }

  async stop(process: Running): Promise<void> {
    this.running.delete(process);
    await process.stop();
  }

  async record(records: readonly EventRecord[]): Promise<void> {
    await this.store.insertInOrder(records.map(toLedgerDocument));
  }

  async publish(records: readonly EventRecord[]): Promise<void> {
    const messages = records.map((record) => ({ key: record.entity, value: JSON.stringify(toCloudEvent(toLedgerDocument(record))) }));
    await this.publishRaw(messages);
  }

  publishRaw(messages: readonly { readonly key: string; readonly value: string }[]): Promise<void> {
    return this.publisher.send(eventTopicOf('need'), messages);
  }

  async happens(records: readonly EventRecord[]): Promise<void> {
    await this.record(records);
    await this.publish(records);
  }

  all(): Promise<NoticeDoc[]> {
    return this.notices.list({ limit: 10_000 });
  }

  inboxSize(): Promise<number> {
    return this.store.db.collection('inbox').countDocuments();
  }

  /** Seq up to which a need's events are told. */
  async toldUpTo(needId: string): Promise<number> {
    const found = await this.store.db.collection<{ _id: string; seq: number }>('noticed').findOne({ _id: needId });
    return found?.seq ?? 0;
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((process) => process.stop()));
    await this.publisher.close();
    await this.drop();
  }
}
