import { Module, type DynamicModule } from '@nestjs/common';
import {
  Aliases,
  ApiKeyStore,
  Denials,
  DirectoryStore,
  ErasureHolds,
  ErasureRequests,
  FactTrail,
  FileStore,
  ForgedRights,
  InboxStore,
  NoticeStore,
  PendingLogins,
  PersonalReader,
  Pseudonyms,
  PersonalSeal,
  PreferenceStore,
  RecentKeys,
  SessionStore,
  type Clock,
  type DutyHolders,
  type ErasureDeps,
  type Journal,
  type Receipts,
  type RefusedTokens,
  type RightsSeal,
  type Logger,
  type NeedCommands,
  type SubjectKeys,
  type Credentials,
} from '@qiyue/adapters';
import { FeedReader, LedgerStore, Trail, type ActiveModel, type RulesInForce } from '@qiyue/engine-runtime';
import { toShanghaiIso } from '@qiyue/engine';
import { PERSONAL_NAMES } from '@qiyue/need-contracts';
import type { Retention } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import { AuditController } from './audit/audit.controller';
import { JOURNAL } from './audit/journal.token';
import { SeenFacts } from './audit/seen-facts';
import type { CommandHandover } from './commands/command-handover';
import { CommandsController } from './commands/commands.controller';
import { NeedCommandService } from './commands/need-command.service';
import { NeedCommandsController } from './commands/need-commands.controller';
import { DeadlineQueries } from './deadlines/deadline-queries';
import { DeadlinesController } from './deadlines/deadlines.controller';
import { ASYNCAPI, DocsController, OPENAPI } from './docs/docs.controller';
import { EventStream } from './events/event-stream';
import { EventsController } from './events/events.controller';
import { FeedHead } from './events/feed-head';
import { InboxController } from './inbox/inbox.controller';
import { PreferencesController } from './inbox/preferences.controller';
import { LoginController, OIDC_LOGIN } from './login/login.controller';
import { SessionsController } from './login/sessions.controller';
import type { OidcLogin } from './login/oidc-login';
import { FilesController } from './files/files.controller';
import { KeysController } from './keys/keys.controller';
import { NeedQueries } from './needs/need-queries';
import { NeedsController } from './needs/needs.controller';
import { NeedReader, type Searched, type Seen } from './needs/visible';
import { DirectoryController } from './notices/directory.controller';
import { CLOCK, NoticesController } from './notices/notices.controller';
import { Metrics } from './ops/metrics';
import { OpsController } from './ops/ops.controller';
import { ReadinessCheck } from './ops/readiness';
import { NeedCounts } from './stats/need-counts';
import { ENDED, ERASURE, EXPORT, PrivacyController } from './privacy/privacy.controller';
import type { ExportPorts } from './privacy/person-export';
import { StatsController } from './stats/stats.controller';
import { TimelinessQueries } from './stats/timeliness';

/** All that the HTTP surface leans on. */
export interface ApiDeps {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tokens: Pick<Credentials, 'verify'>;
  readonly commands: NeedCommands;
  readonly handover: CommandHandover;
  readonly store: LedgerStore;
  readonly model: ActiveModel<NeedView>;
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
  /** Null: nobody can log in by a browser. */
  readonly login: OidcLogin | null;
  readonly journal: Journal;
  readonly denials: Denials;
  readonly refusedTokens: RefusedTokens;
  /** Addresses and networks of the proxies that are believed about whom they ask for. */
  readonly trustedProxies: readonly string[];
  readonly receipts: Receipts;
  /** Lasting rate per actor; 0: no limit. */
  readonly requestsPerSecond: number;
}

@Module({})
export class ApiModule {
  static with(deps: ApiDeps, documents: { readonly openApi: object; readonly asyncApi: object }): DynamicModule {
    const { store, model, metrics, clock } = deps;
    const feed = new FeedReader(store);
    const pseudonyms = new Pseudonyms(deps.keys);
    return {
      module: ApiModule,
      controllers: [
        FilesController,
        NeedCommandsController,
        NeedsController,
        DeadlinesController,
        CommandsController,
        EventsController,
        StatsController,
        InboxController,
        PreferencesController,
        NoticesController,
        DirectoryController,
        AuditController,
        PrivacyController,
        KeysController,
        LoginController,
        SessionsController,
        OpsController,
        DocsController,
      ],
      providers: [
        { provide: NeedCommandService, useValue: new NeedCommandService(deps.commands, deps.handover, deps) },
        { provide: NeedQueries, useValue: new NeedQueries(store, model, clock) },
        { provide: NeedReader, useValue: needReaderOf(deps) },
        { provide: DeadlineQueries, useValue: new DeadlineQueries(model, clock) },
        { provide: TimelinessQueries, useValue: new TimelinessQueries(model, clock) },
        { provide: NeedCounts, useValue: new NeedCounts(model, clock) },
        { provide: InboxStore, useValue: new InboxStore(store.db) },
        { provide: PreferenceStore, useValue: new PreferenceStore(store.db) },
        { provide: NoticeStore, useValue: new NoticeStore(store.db) },
        { provide: DirectoryStore, useValue: new DirectoryStore(store.db) },
        { provide: CLOCK, useValue: clock },
        { provide: SessionStore, useValue: deps.sessions },
        { provide: PendingLogins, useValue: new PendingLogins(store.db) },
        { provide: Denials, useValue: deps.denials },
        { provide: OIDC_LOGIN, useValue: { oidc: deps.login } },
        { provide: FileStore, useValue: deps.files },
        { provide: ApiKeyStore, useValue: deps.apiKeys },
        { provide: ForgedRights, useValue: deps.forged },
        { provide: PersonalSeal, useValue: new PersonalSeal(deps.keys) },
        { provide: ERASURE, useValue: erasureOf(deps) },
        { provide: EXPORT, useValue: exportOf(deps, pseudonyms) },
        { provide: ENDED, useValue: { model, files: deps.files, retention: deps.retention } },
        { provide: ErasureRequests, useValue: new ErasureRequests(store.db, deps.rights) },
        { provide: ErasureHolds, useValue: new ErasureHolds(store.db, { trail: new Trail(store.db), store, model }) },
        { provide: JOURNAL, useValue: deps.journal },
        { provide: FactTrail, useValue: new FactTrail(store.db) },
        { provide: Trail, useValue: new Trail(store.db) },
        { provide: LedgerStore, useValue: store },
        { provide: FeedReader, useValue: feed },
        { provide: EventStream, useValue: new EventStream(feed, new FeedHead(feed), pseudonyms) },
        { provide: Metrics, useValue: metrics },
        { provide: ReadinessCheck, useValue: deps.readiness },
        { provide: OPENAPI, useValue: documents.openApi },
        { provide: ASYNCAPI, useValue: documents.asyncApi },
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
  preferences: new PreferenceStore(db),
  directory: new DirectoryStore(db),
  files,
  requests: new ErasureRequests(db, rights),
});

const exportOf = ({ keys, files, store }: ApiDeps, pseudonyms: Pseudonyms): ExportPorts => ({
  ...{ store, files },
  personal: new PersonalReader(new RecentKeys(keys), PERSONAL_NAMES),
  inbox: new InboxStore(store.db),
  notices: new NoticeStore(store.db),
  preferences: new PreferenceStore(store.db),
  directory: new DirectoryStore(store.db),
  trail: new Trail(store.db),
  pseudonyms,
  facts: new FactTrail(store.db),
});

const needReaderOf = ({ keys, journal, retention, clock }: ApiDeps): NeedReader => {
  const facts = new SeenFacts(journal);
  const looks = { seen: (look: Seen) => facts.tell(look), searched: (look: Searched) => facts.tellSearch(look) };
  const keeping = () => ({ retention: retention(), now: toShanghaiIso(clock.nowMs()) });
  const recent = new RecentKeys(keys);
  const aliases = new Aliases({ of: (subject) => keys.of(subject), byId: (keyId) => recent.byId(keyId) });
  return new NeedReader(new PersonalReader(recent, PERSONAL_NAMES), aliases, looks, keeping);
};
