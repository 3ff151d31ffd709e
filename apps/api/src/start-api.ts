import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AUDIT, AuditLog, Denials, Journal, Receipts, RefusedTokens } from '@qiyue/audit';
import {
  adoptRights,
  ApiKeyStore,
  CalendarFeedStore,
  Credentials,
  bringCountyFiles,
  CurrentTables,
  deadlineReadiness,
  DutyHolders,
  FileStore,
  finishErasures,
  ForgedRights,
  HandedReceipts,
  openCommandPath,
  PendingLogins,
  readCountyFiles,
  RetimeRuns,
  RightsSeal,
  SessionStore,
  SystemHealth,
  TableStore,
  TokenVerifier,
  ToldStore,
  topicsOf,
  watchRights,
  watchSystem,
  type Current,
} from '@qiyue/edge';
import {
  clockOf,
  connectTemporal,
  ConsumerLag,
  consumerGroupsOf,
  inBackground,
  KafkajsEventBus,
  kafkaSecurityOf,
  metricsPortIn,
  openMongo,
  ProcessRegistry,
  type Logger,
  type Running,
  type Settings,
  type SomeSecurity,
} from '@qiyue/platform';
import { KeyFolder } from '@qiyue/privacy';
import { namesOf, rulesKnownBy, type AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { DEFAULT_RETENTION } from '@qiyue/civic-domain';
import { toShanghaiIso } from '@qiyue/engine';
import { LedgerStore, Quarantine } from '@qiyue/engine-runtime';
import { CommandHandover } from './commands/command-handover';
import { erasureOf } from './api.module';
import { createApi } from './create-api';
import { OidcLogin, type OidcSettings } from './login/oidc-login';
import { PictureShrinker } from './files/picture-shrinker';
import { insistOnFreePaths } from './entities/free-paths';
import { Metrics } from './ops/metrics';
import { ReadinessCheck } from './ops/readiness';

const FINISH_WITHIN_MS = 10_000;
/**
 * Longer than a proxy or a client keeps an idle connection (nginx: 60 s). Who closes first must not be the server: a request that is on its
 * way meanwhile is lost, and nobody may send it again unasked. Node's own five seconds lose some whenever a client is busy.
 */
const KEEP_ALIVE_MS = 75_000;
/** How long a start waits for calendar and policy; without them it lends out what is built in. */
const TABLES_WITHIN_MS = 2_000;

export type ApiSettings = SomeSecurity &
  OidcSettings &
  Pick<
    Settings,
    | 'QIYUE_TEMPORAL_ADDRESS'
    | 'QIYUE_TEMPORAL_NAMESPACE'
    | 'QIYUE_KAFKA_BROKERS'
    | 'QIYUE_MONGODB_URI'
    | 'QIYUE_MONGODB_DATABASE'
    | 'QIYUE_API_PORT'
    | 'QIYUE_API_HOST'
    | 'QIYUE_JWKS'
    | 'QIYUE_JWT_ISSUER'
    | 'QIYUE_JWT_AUDIENCE'
    | 'QIYUE_KEYS'
    | 'QIYUE_SECOND_FACTOR'
    | 'QIYUE_SECOND_FACTOR_ACR'
    | 'QIYUE_SESSION_IDLE_MINUTES'
    | 'QIYUE_SEPARATE_DUTIES'
    | 'QIYUE_REQUESTS_PER_SECOND'
    | 'QIYUE_TRUSTED_PROXIES'
    | 'QIYUE_API_IN_FLIGHT_PER_NEED'
    | 'QIYUE_COMMAND_WAIT_MS'
    | 'QIYUE_CONTINUE_AFTER_UPDATES'
    | 'QIYUE_REHEARSAL_CLOCK'
    | 'QIYUE_POLICY_FILE'
    | 'QIYUE_CALENDAR_FILE'
    | 'QIYUE_CHECKPOINT_MINUTES'
    | 'QIYUE_PUBLIC_URL'
  >;

export interface RunningApi extends Running {
  readonly port: number;
}

/** Starts without waiting for any server: what is away is met by each request, and `/health/ready` says so. */
export const startApi = async (
  settings: ApiSettings,
  log: Logger,
  taskQueue?: string,
  aggregates: readonly AnyAggregate[] = AGGREGATES,
): Promise<RunningApi> => {
  insistOnFreePaths(aggregates);
  const clock = clockOf(settings);
  const tokens = TokenVerifier.create(settings);
  inBackground(log, 'keys of tokens', () => tokens.look());
  const { client: mongo, db } = openMongo(settings);
  const { client, connection } = connectTemporal(settings);
  const store = new LedgerStore(db);
  inBackground(log, 'indexes', () => store.ensureIndexes());
  const tableStore = new TableStore(db);
  const now = () => toShanghaiIso(clock.nowMs());
  const county = await readCountyFiles(settings);
  const [runs, startedAt] = [new RetimeRuns(client, taskQueue), now()];
  const tables = new CurrentTables(tableStore, log, {
    files: county,
    bring: () => bringCountyFiles(county, { store: tableStore, runs, log, now }),
    onChange: (current) => warnOfCoverage(current, now(), log),
    onLent: async ({ serial }) => void (await runs.start({ serial, importedAt: startedAt })),
  });
  await tables.start(TABLES_WITHIN_MS);
  const keys = new KeyFolder(settings.QIYUE_KEYS);
  const auditStore = new LedgerStore(db, AUDIT);
  inBackground(log, 'indexes of the journal', () => auditStore.ensureIndexes());
  const journal = new Journal(auditStore, 'api', log, () => clock.nowMs());
  const [denials, refusedTokens] = [new Denials(journal), new RefusedTokens(journal)];
  const forged = new ForgedRights(db, journal);
  const rights = new RightsSeal(keys, forged.tell);
  inBackground(log, 'rights from before they were signed', async () => void (await adoptRights(db, rights, journal)));
  const rightsWatch = watchRights(db, rights);
  const apiKeys = new ApiKeyStore(db, rights);
  const sessions = new SessionStore(db, rights, Date.now, settings.QIYUE_SESSION_IDLE_MINUTES * 60_000);
  inBackground(log, 'indexes of calendars', () => new CalendarFeedStore(db).ensureIndexes());
  inBackground(log, 'indexes of what was told', () => new ToldStore(db).ensureIndexes());
  inBackground(log, 'indexes of sessions', () => sessions.ensureIndexes());
  inBackground(log, 'indexes of logins', () => new PendingLogins(db).ensureIndexes());
  const metrics = new Metrics();
  const pictures = new PictureShrinker({ log, count: (outcome) => metrics.pictures.inc({ outcome }) });
  const files = new FileStore(db, keys, pictures.shrink);
  inBackground(log, 'indexes of files', () => files.ensureIndexes());
  inBackground(log, 'erasures that were cut off', () => finishErasures(erasureOf({ keys, journal, files, store, rights })));
  const auditLog = new AuditLog(db);
  metrics.watchAudit(() => auditLog.last());
  const read = { groups: consumerGroupsOf(aggregates), topics: topicsOf(namesOf(aggregates)) };
  const lag = new ConsumerLag(settings.QIYUE_KAFKA_BROKERS, 'qiyue-api-lag', { security: kafkaSecurityOf(settings), db, ...read });
  const [health, checkpointMinutes] = [new SystemHealth({ db, aggregates, lag, clock }), settings.QIYUE_CHECKPOINT_MINUTES];
  watchSystem(metrics.registry, health, { checkpointMinutes });
  const membership = new ProcessRegistry(db).join({ name: 'api', rules: rulesKnownBy(aggregates), metricsPort: metricsPortIn(process.env) });
  const bus = new KafkajsEventBus(settings.QIYUE_KAFKA_BROKERS, 'qiyue-api', kafkaSecurityOf(settings));
  const receiptsOut = bus.publisher();
  const handover = new CommandHandover(bus.publisher(), new HandedReceipts(keys));
  const {
    commands,
    rules,
    stop: stopCommands,
  } = openCommandPath({
    ...{ aggregates, store, client, log, clock, tables, taskQueue, keys, rights },
    inFlightPerEntity: settings.QIYUE_API_IN_FLIGHT_PER_NEED,
    continueAfterUpdates: settings.QIYUE_CONTINUE_AFTER_UPDATES,
    onAppendFailure: () => metrics.appendFailures.inc(),
  });
  const app = await createApi({
    log,
    metrics,
    tokens: new Credentials(tokens, apiKeys),
    ...{ apiKeys, rights, forged },
    dutyHolders: settings.QIYUE_SEPARATE_DUTIES === 'on' ? new DutyHolders(db, rights) : null,
    sessions,
    files,
    login: OidcLogin.of(settings),
    clock,
    commands,
    journal,
    ...{ denials, refusedTokens, trustedProxies: settings.QIYUE_TRUSTED_PROXIES },
    receipts: new Receipts(receiptsOut),
    keys,
    handover,
    ...{ store, aggregates },
    readiness: new ReadinessCheck({
      temporal: connection,
      db,
      brokers: settings.QIYUE_KAFKA_BROKERS,
      quarantines: aggregates.map((aggregate) => ({ aggregate, quarantine: new Quarantine(db, aggregate.model.name) })),
      ...{ tables, clock, health, checkpointMinutes },
    }),
    publicUrl: settings.QIYUE_PUBLIC_URL ?? null,
    requestsPerSecond: settings.QIYUE_REQUESTS_PER_SECOND,
    calendar: () => tables.calendar(),
    retention: () => (tables.get()?.documents.policy ?? county.policy)?.retention ?? DEFAULT_RETENTION,
    commandWaitMs: settings.QIYUE_COMMAND_WAIT_MS,
    rules,
  });
  app.getHttpServer().keepAliveTimeout = KEEP_ALIVE_MS;
  await app.listen(settings.QIYUE_API_PORT, settings.QIYUE_API_HOST);
  const { port } = app.getHttpServer().address() as AddressInfo;
  log.info({ port }, 'listening');
  return {
    port,
    stop: async () => {
      await finish(app);
      pictures.close();
      rightsWatch.stop();
      denials.tell();
      refusedTokens.tell();
      await journal.close();
      await handover.close();
      await receiptsOut.close().catch(() => undefined);
      await stopCommands();
      await lag.close();
      await membership.leave();
      tables.stop();
      await connection.close();
      await mongo.close();
    },
  };
};

/** At start and with every other calendar. */
const warnOfCoverage = (current: Current, now: string, log: Logger): void => {
  const { calendar, coveredTo, coverage } = deadlineReadiness(current, now);
  if (coverage !== 'good') log.warn({ calendar, coveredTo, coverage }, 'the calendar ends; deadlines beyond it are provisional');
};

/** Takes nothing new and lets what is under way end; what has not after ten seconds is cut. */
const finish = async (app: NestExpressApplication): Promise<void> => {
  const server = app.getHttpServer();
  const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
  await app.close();
  clearTimeout(cut);
};
