import { NestFactory } from '@nestjs/core';
import { topicsOf, watchedBus, InboxStore, NoticeStore, RightsSeal, SmsBudgets, SystemHealth } from '@qiyue/edge';
import {
  clockOf,
  ConsumerLag,
  consumerGroupsOf,
  NOTIFICATIONS_GROUP,
  inBackground,
  KafkajsEventBus,
  kafkaSecurityOf,
  metricsPortIn,
  openMongo,
  ProcessRegistry,
  type EventBus,
  type Logger,
  type Running,
  type Settings,
  type SomeSecurity,
} from '@qiyue/platform';
import { KeyFolder } from '@qiyue/privacy';
import { LedgerStore } from '@qiyue/engine-runtime';
import { NotificationsModule } from './notifications.module';
import { AGGREGATES } from '@qiyue/aggregates';
import { namesOf, rulesKnownBy, type AnyAggregate } from '@qiyue/aggregate';

const MINUTE_MS = 60_000;

export const NOTIFICATION_SETTINGS = [
  'QIYUE_KAFKA_BROKERS',
  'QIYUE_MONGODB_URI',
  'QIYUE_MONGODB_DATABASE',
  'QIYUE_KEYS',
  'QIYUE_REHEARSAL_CLOCK',
  'QIYUE_SMTP_URL',
  'QIYUE_MAIL_FROM',
  'QIYUE_SMS_URL',
  'QIYUE_SMS_TOKEN',
  'QIYUE_WEBHOOK_HOSTS',
  'QIYUE_SMS_PER_NEED',
  'QIYUE_DIGEST_MINUTES',
  'QIYUE_NOTICE_LEASE_MS',
  'QIYUE_CHECKPOINT_MINUTES',
  'QIYUE_PUBLIC_URL',
] as const;
export type NotificationSettings = Pick<Settings, (typeof NOTIFICATION_SETTINGS)[number]> & SomeSecurity;

/**
 * `groupId`: another one reads the topic from its beginning. `bus`: instead of the brokers that the settings name. `tellsTroubles`: false
 * beside which no other process of ours runs.
 */
export interface NotificationOptions {
  readonly groupId?: string;
  readonly bus?: EventBus;
  readonly tellsTroubles?: boolean;
  readonly aggregates?: readonly AnyAggregate[];
}

/** Resolves when events are read. What is due is sent before that: neither server waits for the other. */
export const startNotifications = async (settings: NotificationSettings, log: Logger, options: NotificationOptions = {}): Promise<Running> => {
  const clock = clockOf(settings);
  const { client, db } = openMongo(settings);
  const { aggregates = AGGREGATES } = options;
  const lag = new ConsumerLag(settings.QIYUE_KAFKA_BROKERS, 'qiyue-notifications', {
    security: kafkaSecurityOf(settings),
    groups: consumerGroupsOf(aggregates),
    topics: topicsOf(namesOf(aggregates)),
    db,
  });
  const groupId = options.groupId ?? NOTIFICATIONS_GROUP;
  const keys = new KeyFolder(settings.QIYUE_KEYS);
  const bus = options.bus ?? new KafkajsEventBus(settings.QIYUE_KAFKA_BROKERS, 'qiyue-notifications', kafkaSecurityOf(settings));
  const module = NotificationsModule.with({
    ...{ log, aggregates, clock, channels: settings, keys },
    groupId,
    health: new SystemHealth({ db, aggregates, lag, clock }),
    checkpointMinutes: settings.QIYUE_CHECKPOINT_MINUTES,
    tellsTroubles: options.tellsTroubles ?? true,
    ledger: new LedgerStore(db),
    bus: watchedBus(bus, groupId, db, new RightsSeal(keys)),
    publicUrl: settings.QIYUE_PUBLIC_URL,
    digestMs: settings.QIYUE_DIGEST_MINUTES * MINUTE_MS,
    leaseMs: settings.QIYUE_NOTICE_LEASE_MS,
    smsPerNeed: settings.QIYUE_SMS_PER_NEED,
  });
  inBackground(log, 'indexes', () => new NoticeStore(db).ensureIndexes());
  inBackground(log, 'indexes', () => new InboxStore(db).ensureIndexes());
  inBackground(log, 'indexes', () => new SmsBudgets(db, settings.QIYUE_SMS_PER_NEED).ensureIndexes());
  const membership = new ProcessRegistry(db).join({
    name: 'notifications',
    rules: rulesKnownBy(aggregates),
    metricsPort: metricsPortIn(process.env),
  });
  const app = await NestFactory.createApplicationContext(module, { logger: false });
  await app.init();
  return {
    stop: async () => {
      await app.close();
      await lag.close();
      await membership.leave();
      await client.close();
    },
  };
};
