import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { Denials, FactTrail, type Journal, type Receipts, type RefusedTokens } from '@qiyue/audit';
import {
  ApiKeyStore,
  CalendarFeedStore,
  DirectoryStore,
  ErasureHolds,
  ErasureRequests,
  FileStore,
  ForgedRights,
  InboxStore,
  NoticeStore,
  PendingLogins,
  PreferenceStore,
  SessionStore,
  ToldStore,
  type DutyHolders,
  type ErasureDeps,
  type RightsSeal,
  type EntityCommands,
  type Credentials,
} from '@qiyue/edge';
import type { CalendarTable } from '@qiyue/calendar';
import type { Clock, Logger } from '@qiyue/platform';
import { Aliases, PersonalReader, Pseudonyms, PersonalSeal, RecentKeys, type SubjectKeys } from '@qiyue/privacy';
import { ActiveModel, FeedReader, LedgerStore, Trail, type RulesInForce } from '@qiyue/engine-runtime';
import { toShanghaiIso } from '@qiyue/engine';
import { personalNamesOfAll, type AnyAggregate } from '@qiyue/aggregate';
import type { Retention } from '@qiyue/civic-domain';
import type { Db } from 'mongodb';
import { AuditController } from './audit/audit.controller';
import { JOURNAL } from './audit/journal.token';
import { SeenFacts } from './audit/seen-facts';
import type { CommandHandover } from './commands/command-handover';
import { CommandsController } from './commands/commands.controller';
import { EntityCommandService } from './commands/entity-command.service';
import { commandsControllerOf } from './commands/entity-commands.controller';
import { ALL_AGGREGATES, ENTITY_IDS, EntityIds } from './entities/entity-ids';
import { EntityLists } from './entities/entity-lists';
import { listControllerOf, numberControllerOf } from './entities/list.controller';
import { entityQuestionControllerOf } from './entities/entity-questions.controller';
import { EntityQueries } from './entities/entity-queries';
import { EntityReader, type ReaderPorts, type Searched, type Seen } from './entities/entity-reader';
import { entityControllerOf } from './entities/entity.controllers';
import { papersControllerOf } from './entities/papers.controller';
import { filesControllerOf } from './files/files.controller';
import { FormFiles } from './files/form-files';
import { UploadsController } from './files/uploads.controller';
import { queryControllerOf, type EntityAccess } from './queries/queries.controller';
import { ASYNCAPI, CATALOGUE, DocsController, OPENAPI } from './docs/docs.controller';
import { EventStream } from './events/event-stream';
import { EventsController } from './events/events.controller';
import { FeedHead } from './events/feed-head';
import { InboxController } from './inbox/inbox.controller';
import { PreferencesController } from './inbox/preferences.controller';
import { LoginController, OIDC_LOGIN } from './login/login.controller';
import { SessionsController } from './login/sessions.controller';
import type { OidcLogin } from './login/oidc-login';
import { KeysController } from './keys/keys.controller';
import { DirectoryController } from './notices/directory.controller';
import { CLOCK, KINDS, NoticesController } from './notices/notices.controller';
import { toldControllerOf } from './notices/told.controller';
import { WhoWasTold } from './notices/who-was-told';
import { CalendarsController, PUBLIC_URL } from './calendars/calendars.controller';
import { pageControllerOf } from './pages/page.controller';
import { Metrics } from './ops/metrics';
import { OpsController } from './ops/ops.controller';
import { ReadinessCheck } from './ops/readiness';
import { ENDED, ERASURE, EXPORT, PrivacyController } from './privacy/privacy.controller';
import type { ExportPorts } from './privacy/person-export';

/** All that the HTTP surface leans on. */
export interface ApiDeps {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tokens: Pick<Credentials, 'verify'>;
  readonly aggregates: readonly AnyAggregate[];
  readonly commands: EntityCommands;
  readonly handover: CommandHandover;
  readonly store: LedgerStore;
  readonly readiness: ReadinessCheck;
  readonly commandWaitMs: number;
  readonly rules: Pick<RulesInForce, 'active'>;
  readonly clock: Clock;
  /** Persons' keys, by which what they write is sealed. */
  readonly keys: SubjectKeys;
  /** Services' keys, by which they come in. */
  readonly apiKeys: ApiKeyStore;
  /** By which rows that give a right are told from what somebody wrote into the database. */
  readonly rights: RightsSeal;
  readonly forged: ForgedRights;
  /** Null: duties are not kept apart by person. */
  readonly dutyHolders: DutyHolders | null;
  readonly sessions: SessionStore;
  readonly files: FileStore;
  /** How long what has ended is opened, by the current policy. */
  readonly retention: () => Retention;
  /** The calendar as it is now. */
  readonly calendar: () => CalendarTable;
  /** Null: nobody can log in by a browser. */
  readonly login: OidcLogin | null;
  readonly journal: Journal;
  readonly denials: Denials;
  readonly refusedTokens: RefusedTokens;
  /** Addresses and networks of the proxies that are believed about whom they ask for. */
  readonly trustedProxies: readonly string[];
  readonly receipts: Receipts;
  /** Where people reach this system; null: where each request came to. */
  readonly publicUrl: string | null;
  /** Lasting rate per actor; 0: no limit. */
  readonly requestsPerSecond: number;
}

@Module({})
export class ApiModule {
  static with(deps: ApiDeps, documents: { readonly openApi: object; readonly asyncApi: object; readonly catalogue: string }): DynamicModule {
    const { aggregates, store, metrics, clock } = deps;
    const ids = new EntityIds(aggregates);
    const feed = new FeedReader(store);
    const pseudonyms = new Pseudonyms(deps.keys);
    const accessTo = entityAccessOf(deps, ids);
    const who = new WhoWasTold(new ToldStore(store.db), clock);
    const byName = new Map(aggregates.map((aggregate) => [aggregate.decider.aggregate, aggregate]));
    return {
      module: ApiModule,
      controllers: [
        ...aggregateControllersOf(deps, accessTo, who),
        CommandsController,
        UploadsController,
        EventsController,
        InboxController,
        PreferencesController,
        NoticesController,
        DirectoryController,
        CalendarsController,
        AuditController,
        PrivacyController,
        KeysController,
        LoginController,
        SessionsController,
        OpsController,
        DocsController,
      ],
      providers: [
        { provide: ALL_AGGREGATES, useValue: aggregates },
        { provide: ENTITY_IDS, useValue: ids },
        { provide: EntityCommandService, useValue: new EntityCommandService(deps.commands, deps.handover, deps) },
        { provide: InboxStore, useValue: new InboxStore(store.db) },
        { provide: PreferenceStore, useValue: new PreferenceStore(store.db) },
        { provide: NoticeStore, useValue: new NoticeStore(store.db) },
        { provide: DirectoryStore, useValue: new DirectoryStore(store.db) },
        { provide: CLOCK, useValue: clock },
        { provide: CalendarFeedStore, useValue: new CalendarFeedStore(store.db) },
        { provide: PUBLIC_URL, useValue: { base: deps.publicUrl } },
        { provide: WhoWasTold, useValue: who },
        { provide: KINDS, useValue: aggregates.map(({ decider }) => accessTo(decider.aggregate)) },
        { provide: SessionStore, useValue: deps.sessions },
        { provide: PendingLogins, useValue: new PendingLogins(store.db) },
        { provide: Denials, useValue: deps.denials },
        { provide: OIDC_LOGIN, useValue: { oidc: deps.login } },
        { provide: FileStore, useValue: deps.files },
        { provide: ApiKeyStore, useValue: deps.apiKeys },
        { provide: ForgedRights, useValue: deps.forged },
        { provide: PersonalSeal, useValue: new PersonalSeal(deps.keys) },
        { provide: ERASURE, useValue: erasureOf(deps) },
        { provide: EXPORT, useValue: exportOf(deps, pseudonyms, ids) },
        { provide: ENDED, useValue: { db: store.db, aggregates, files: deps.files, retention: deps.retention } },
        { provide: ErasureRequests, useValue: new ErasureRequests(store.db, deps.rights) },
        { provide: ErasureHolds, useValue: new ErasureHolds(store.db, { trail: new Trail(store.db), store, aggregates }) },
        { provide: JOURNAL, useValue: deps.journal },
        { provide: FactTrail, useValue: factTrailOf(deps) },
        { provide: Trail, useValue: new Trail(store.db) },
        { provide: LedgerStore, useValue: store },
        { provide: FeedReader, useValue: feed },
        { provide: EventStream, useValue: new EventStream(feed, new FeedHead(feed), pseudonyms, byName) },
        { provide: Metrics, useValue: metrics },
        { provide: ReadinessCheck, useValue: deps.readiness },
        { provide: OPENAPI, useValue: documents.openApi },
        { provide: ASYNCAPI, useValue: documents.asyncApi },
        { provide: CATALOGUE, useValue: documents.catalogue },
      ],
    };
  }
}

type ErasurePorts = Pick<ApiDeps, 'keys' | 'journal' | 'files' | 'store' | 'rights'>;

export const erasureOf = ({ keys, journal, files, store: { db }, rights }: ErasurePorts): ErasureDeps => ({
  keys,
  journal,
  inbox: new InboxStore(db),
  notices: new NoticeStore(db),
  preferences: { removeOf: (subject) => removePreferences(db, subject) },
  directory: new DirectoryStore(db),
  files,
  requests: new ErasureRequests(db, rights),
});

/** With the addresses of their calendars: both are what somebody has set up for themselves. */
const removePreferences = async (db: Db, subject: string): Promise<number> =>
  (await new PreferenceStore(db).removeOf(subject)) + (await new CalendarFeedStore(db).removeOf(subject));

const factTrailOf = ({ store, aggregates }: Pick<ApiDeps, 'store' | 'aggregates'>): FactTrail =>
  new FactTrail(
    store.db,
    aggregates.map(({ idName }) => idName),
  );

const exportOf = ({ keys, files, store, aggregates }: ApiDeps, pseudonyms: Pseudonyms, ids: EntityIds): ExportPorts => ({
  ...{ store, files, aggregates, ids, pseudonyms },
  personal: new PersonalReader(new RecentKeys(keys), personalNamesOfAll(aggregates)),
  inbox: new InboxStore(store.db),
  notices: new NoticeStore(store.db),
  preferences: new PreferenceStore(store.db),
  directory: new DirectoryStore(store.db),
  trail: new Trail(store.db),
  facts: factTrailOf({ store, aggregates }),
});

/** The more particular routes first: `needs/:needId/files` before `needs/:needId/:command`. */
const aggregateControllersOf = (deps: ApiDeps, accessTo: AccessTo, who: WhoWasTold): Type[] => {
  const { aggregates, store, clock, files, journal, calendar } = deps;
  return aggregates.flatMap((aggregate) => {
    const { queries, reader } = accessTo(aggregate.decider.aggregate);
    const lists = listsOf(aggregate, deps);
    return [
      ...(aggregate.listing.isNumbered === true ? [numberControllerOf({ lists })] : []),
      listControllerOf({ lists, reader, journal }),
      filesControllerOf({ queries, reader, files, journal, clock }),
      toldControllerOf({ queries, reader }, who),
      ...(aggregate.questions ?? []).map((question) => entityQuestionControllerOf(question, { db: store.db, clock, queries, reader })),
      ...(aggregate.papers === undefined ? [] : [papersControllerOf({ queries, reader, historyCommand: historyCommandOf(aggregate, aggregates) })]),
      ...(aggregate.queries ?? []).map((question) => queryControllerOf(question, { db: store.db, clock, journal, calendar, accessTo })),
      commandsControllerOf(aggregate, new FormFiles(aggregate, { queries, reader, files, journal, clock })),
      pageControllerOf(queries),
      entityControllerOf(queries, reader),
    ];
  });
};

const listsOf = (aggregate: AnyAggregate, { store, clock }: ApiDeps): EntityLists => {
  const trail = new Trail(store.db);
  const asked = { aggregate: aggregate.decider.aggregate, command: aggregate.decider.startsWith };
  return new EntityLists(aggregate, {
    ...{ model: new ActiveModel(store.db, aggregate.model), clock },
    begunBy: async (id, limit) => {
      await trail.catchUp(store);
      return trail.begunBy(id, { ...asked, limit });
    },
  });
};

/** By the name of a kind. */
type AccessTo = (aggregate: string) => EntityAccess;
const entityAccessOf = (deps: ApiDeps, ids: EntityIds): AccessTo => {
  const { aggregates, store, clock } = deps;
  const ports = readerPortsOf(deps, ids);
  const byName = new Map(
    aggregates.map((aggregate) => {
      const queries = new EntityQueries(aggregate, store, new ActiveModel(store.db, aggregate.model), clock);
      return [aggregate.decider.aggregate, { queries, reader: new EntityReader(aggregate, ports) }];
    }),
  );
  return (name) => {
    const access = byName.get(name);
    if (access === undefined) throw new Error(`there is no kind of entities called ${name}`);
    return access;
  };
};

/** Verbs of the first kind stand by themselves, those of the others behind their name. */
const historyCommandOf = ({ decider }: AnyAggregate, [first]: readonly AnyAggregate[]): string =>
  decider.aggregate === first?.decider.aggregate ? 'npx qiyue history' : `npx qiyue ${decider.aggregate} history`;

const readerPortsOf = ({ keys, journal, retention, clock, aggregates }: ApiDeps, ids: EntityIds): ReaderPorts => {
  const facts = new SeenFacts(journal, ids);
  const recent = new RecentKeys(keys);
  return {
    personal: new PersonalReader(recent, personalNamesOfAll(aggregates)),
    aliases: new Aliases({ of: (subject) => keys.of(subject), byId: (keyId) => recent.byId(keyId) }),
    looks: { seen: (look: Seen) => facts.tell(look), searched: (look: Searched) => facts.tellSearch(look) },
    keeping: () => ({ retention: retention(), now: toShanghaiIso(clock.nowMs()) }),
  };
};
