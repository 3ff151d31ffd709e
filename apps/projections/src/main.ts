import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { watchedBus } from '@qiyue/edge';
import {
  KafkajsEventBus,
  kafkaSecurityOf,
  inBackground,
  loadSettings,
  metricsPortIn,
  openMongo,
  ProcessRegistry,
  runProcess,
  type Running,
} from '@qiyue/platform';
import { AGGREGATES } from '@qiyue/aggregates';
import { LedgerStore } from '@qiyue/engine-runtime';
import { ProjectionsModule } from './projections.module';

runProcess('projections', async (log): Promise<Running> => {
  const settings = loadSettings(process.env, 'QIYUE_KAFKA_BROKERS', 'QIYUE_MONGODB_URI', 'QIYUE_MONGODB_DATABASE');
  const { client, db } = openMongo(settings);
  const store = new LedgerStore(db);
  inBackground(log, 'indexes', () => store.ensureIndexes());
  const bus = new KafkajsEventBus(settings.QIYUE_KAFKA_BROKERS, 'qiyue-projections', kafkaSecurityOf(settings));
  const busFor = (groupId: string) => watchedBus(bus, groupId, db, null);
  const membership = new ProcessRegistry(db).join({ name: 'projections', metricsPort: metricsPortIn(process.env) });
  const app = await NestFactory.createApplicationContext(ProjectionsModule.with({ log, aggregates: AGGREGATES, store, bus, busFor }), {
    logger: false,
  });
  await app.init();
  return {
    stop: async () => {
      await app.close();
      await membership.leave();
      await client.close();
    },
  };
});
