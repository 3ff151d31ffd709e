import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AUDIT, Denials, Journal } from '@qiyue/audit';
import {
  ApiKeyStore,
  Credentials,
  ForgedRights,
  watchedBus,
  CurrentTables,
  DeadLetterRows,
  readCountyFiles,
  RetimeRuns,
  RightsSeal,
  TableStore,
  HandedReceipts,
  TokenVerifier,
  ParkedCommands,
  openCommandPath,
} from '@qiyue/edge';
import {
  clockOf,
  KafkajsEventBus,
  kafkaSecurityOf,
  connectTemporal,
  inBackground,
  loadSettings,
  metricsPortIn,
  openMongo,
  ProcessRegistry,
  runProcess,
  type Running,
} from '@qiyue/platform';
import { KeyFolder } from '@qiyue/privacy';
import { toShanghaiIso } from '@qiyue/engine';
import { LedgerStore } from '@qiyue/engine-runtime';
import { AGGREGATES } from '@qiyue/aggregates';
import { rulesKnownBy } from '@qiyue/aggregate';
import { IntakeModule } from './intake.module';

/** How long a start waits for calendar and policy; without them it lends out what is built in. */
const TABLES_WITHIN_MS = 2_000;
const ASK_TEMPORAL_MS = 2_500;

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
    'QIYUE_KEYS',
    'QIYUE_SECOND_FACTOR',
    'QIYUE_SECOND_FACTOR_ACR',
    'QIYUE_KAFKA_PLAIN',
    'QIYUE_INTAKE_IN_FLIGHT_PER_NEED',
    'QIYUE_INTAKE_PARK_AFTER_MS',
    'QIYUE_CONTINUE_AFTER_UPDATES',
    'QIYUE_REHEARSAL_CLOCK',
    'QIYUE_POLICY_FILE',
    'QIYUE_CALENDAR_FILE',
  );
  const { client: mongo, db } = openMongo(settings);
  const { client, connection } = connectTemporal(settings);
  const store = new LedgerStore(db);
  inBackground(log, 'indexes', () => store.ensureIndexes());
  inBackground(log, 'indexes', () => new ParkedCommands(db).ensureIndexes());
  inBackground(log, 'indexes', () => new DeadLetterRows(db).ensureIndexes());
  const keys = new KeyFolder(settings.QIYUE_KEYS);
  inBackground(log, 'erasures that were cut off', async () => void (await keys.settle()));
  const [clock, runs] = [clockOf(settings), new RetimeRuns(client)];
  const startedAt = toShanghaiIso(clock.nowMs());
  const tables = new CurrentTables(new TableStore(db), log, {
    files: await readCountyFiles(settings),
    onLent: async ({ serial }) => void (await runs.start({ serial, importedAt: startedAt })),
  });
  await tables.start(TABLES_WITHIN_MS);
  const journal = new Journal(new LedgerStore(db, AUDIT), 'intake', log, () => clock.nowMs());
  const rights = new RightsSeal(keys, new ForgedRights(db, journal).tell);
  const {
    commands,
    commandLog,
    stop: stopCommands,
  } = openCommandPath({
    ...{ aggregates: AGGREGATES, store, client, log, tables, clock, keys, rights },
    plainOverKafka: settings.QIYUE_KAFKA_PLAIN,
    inFlightPerEntity: settings.QIYUE_INTAKE_IN_FLIGHT_PER_NEED,
    continueAfterUpdates: settings.QIYUE_CONTINUE_AFTER_UPDATES,
  });
  const denials = new Denials(journal);
  const verifier = TokenVerifier.create(settings);
  inBackground(log, 'keys of tokens', () => verifier.look());
  const tokens = new Credentials(verifier, new ApiKeyStore(db, rights));
  const bus = new KafkajsEventBus(settings.QIYUE_KAFKA_BROKERS, 'qiyue-intake', kafkaSecurityOf(settings));
  const busFor = (groupId: string) => watchedBus(bus, groupId, db, rights);
  const membership = new ProcessRegistry(db).join({ name: 'intake', rules: rulesKnownBy(AGGREGATES), metricsPort: metricsPortIn(process.env) });
  const askTemporal = () => connection.withDeadline(Date.now() + ASK_TEMPORAL_MS, () => connection.workflowService.getSystemInfo({}));
  const module = IntakeModule.with({
    ...{
      log,
      aggregates: AGGREGATES,
      bus,
      busFor,
      db,
      commands,
      commandLog,
      tokens,
      denials,
      askTemporal,
      rights,
      receipts: new HandedReceipts(keys),
    },
    parkAfterMs: settings.QIYUE_INTAKE_PARK_AFTER_MS,
  });
  const app = await NestFactory.createApplicationContext(module, { logger: false });
  await app.init();
  return {
    stop: async () => {
      await app.close();
      denials.tell();
      await journal.close();
      await stopCommands();
      tables.stop();
      await membership.leave();
      await connection.close();
      await mongo.close();
    },
  };
});
