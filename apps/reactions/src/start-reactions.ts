import { NestFactory } from '@nestjs/core';
import { DeadLetterRows, followTables, openGateway, startingTables, watchedBus, type MessageLoopLimits } from '@qiyue/edge';
import {
  clockOf,
  connectTemporal,
  inBackground,
  KafkajsEventBus,
  kafkaSecurityOf,
  metricsPortIn,
  openMongo,
  ProcessRegistry,
  REACTIONS_GROUP,
  type EventBus,
  type Logger,
  type Running,
  type Settings,
  type SomeSecurity,
} from '@qiyue/platform';
import { rulesKnownBy, type Reacting } from '@qiyue/aggregate';
import { KeyFolder, openTexts } from '@qiyue/privacy';
import { LedgerStore, RefusedReactions } from '@qiyue/engine-runtime';
import { ReactionsModule } from './reactions.module';

const PARK_AFTER_MS = 10_000;
const ASK_TEMPORAL_MS = 2_500;

export const REACTION_SETTINGS = [
  'QIYUE_TEMPORAL_ADDRESS',
  'QIYUE_TEMPORAL_NAMESPACE',
  'QIYUE_KAFKA_BROKERS',
  'QIYUE_MONGODB_URI',
  'QIYUE_MONGODB_DATABASE',
  'QIYUE_CONTINUE_AFTER_UPDATES',
  'QIYUE_REHEARSAL_CLOCK',
  'QIYUE_KEYS',
] as const;
export type ReactionSettings = Pick<Settings, (typeof REACTION_SETTINGS)[number]> & SomeSecurity;

/** `groupId`: another one reads the topics from their beginning. `bus`: instead of the brokers that the settings name. */
export interface ReactionOptions {
  readonly groupId?: string;
  readonly bus?: EventBus;
  readonly taskQueue?: string;
  /** How long a command may be without an outcome though others get through, ms. */
  readonly parkAfterMs?: number;
  readonly limits?: Partial<MessageLoopLimits>;
}

/** `aggregates`: those that give commands and those that take them. Resolves when events are read. */
export const startReactions = async (
  settings: ReactionSettings,
  aggregates: readonly Reacting[],
  log: Logger,
  options: ReactionOptions = {},
): Promise<Running> => {
  const { groupId = REACTIONS_GROUP, parkAfterMs = PARK_AFTER_MS, taskQueue, limits } = options;
  const { client: mongo, db } = openMongo(settings);
  const { client, connection } = connectTemporal(settings);
  const store = new LedgerStore(db);
  inBackground(log, 'indexes', () => new RefusedReactions(db).ensureIndexes());
  inBackground(log, 'indexes', () => new DeadLetterRows(db).ensureIndexes());
  const clock = clockOf(settings);
  const tables = await followTables(db, client, clock, log);
  const { gateway, stop: stopGateway } = openGateway({
    ...{ store, client, log, taskQueue, clock, inFlightPerEntity: 1 },
    continueAfterUpdates: settings.QIYUE_CONTINUE_AFTER_UPDATES,
    aggregates,
  });
  const bus = options.bus ?? new KafkajsEventBus(settings.QIYUE_KAFKA_BROKERS, 'qiyue-reactions', kafkaSecurityOf(settings));
  const membership = new ProcessRegistry(db).join({ name: 'reactions', rules: rulesKnownBy(aggregates), metricsPort: metricsPortIn(process.env) });
  const module = ReactionsModule.with({
    ...{ log, store, gateway, aggregates, groupId, parkAfterMs },
    open: openTexts(new KeyFolder(settings.QIYUE_KEYS)),
    bus: watchedBus(bus, groupId, db, null),
    askTemporal: () => connection.withDeadline(Date.now() + ASK_TEMPORAL_MS, () => connection.workflowService.getSystemInfo({})),
    ...(limits === undefined ? {} : { limits }),
    tablesFor: startingTables(aggregates, tables),
  });
  const app = await NestFactory.createApplicationContext(module, { logger: false });
  await app.init();
  return {
    stop: async () => {
      await app.close();
      tables.stop();
      await stopGateway();
      await membership.leave();
      await connection.close();
      await mongo.close();
    },
  };
};
