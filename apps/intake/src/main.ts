import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import {
  KafkajsEventBus,
  NeedCommands,
  TokenVerifier,
  connectTemporal,
  inBackground,
  loadSettings,
  openMongo,
  runProcess,
  type Running,
} from '@qiyue/adapters';
import { Appender, CommandGateway, CommandLog, EndedEntities, LedgerStore, anyDecider } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { CommandIntake } from './command-intake';
import { IntakeModule } from './intake.module';

runProcess('intake', async (log): Promise<Running> => {
  const settings = loadSettings(
    process.env,
    'QIYUE_TEMPORAL_ADDRESS',
    'QIYUE_TEMPORAL_NAMESPACE',
    'QIYUE_KAFKA_BROKERS',
    'QIYUE_MONGODB_URI',
    'QIYUE_MONGODB_DATABASE',
    'QIYUE_JWKS',
    'QIYUE_JWT_ISSUER',
    'QIYUE_JWT_AUDIENCE',
    'QIYUE_INTAKE_IN_FLIGHT_PER_NEED',
    'QIYUE_CONTINUE_AFTER_UPDATES',
  );
  const { client: mongo, db } = openMongo(settings);
  const { client, connection } = connectTemporal(settings);
  const store = new LedgerStore(db);
  inBackground(log, 'indexes', () => store.ensureIndexes());
  const commandLog = new CommandLog(store);
  commandLog.start();
  const gateway = new CommandGateway(client, new Appender(store), commandLog, new EndedEntities(store, commandLog, [anyDecider(needDecider)]), {
    inFlightPerEntity: settings.QIYUE_INTAKE_IN_FLIGHT_PER_NEED,
    onAppendFailure: (entity, error) => log.warn({ entity, err: error instanceof Error ? error.name : typeof error }, 'append left to the workflow'),
    ...(settings.QIYUE_CONTINUE_AFTER_UPDATES === undefined ? {} : { continueAfterUpdates: settings.QIYUE_CONTINUE_AFTER_UPDATES }),
  });
  const intake = new CommandIntake(new NeedCommands(gateway, store, commandLog), await TokenVerifier.create(settings), commandLog, log);
  const bus = new KafkajsEventBus(settings.QIYUE_KAFKA_BROKERS, 'qiyue-intake');
  const app = await NestFactory.createApplicationContext(IntakeModule.with({ log, bus, intake }), { logger: false });
  await app.init();
  return {
    stop: async () => {
      await app.close();
      await commandLog.stop();
      await connection.close();
      await mongo.close();
    },
  };
});
