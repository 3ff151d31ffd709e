import { Module, type DynamicModule } from '@nestjs/common';
import { AuditLog } from '@qiyue/audit';
import {
  AlarmStore,
  DailyProgress,
  DeadLetterRows,
  DeadLetters,
  DirectoryStore,
  InboxStore,
  MessageLoop,
  NoticeProgress,
  NoticeStore,
  PreferenceStore,
  SmsBudgets,
  TableStore,
  TopicConsumer,
  type SystemHealth,
  type MessageLoopLimits,
} from '@qiyue/edge';
import type { Clock, EventBus, IncomingMessage, Logger } from '@qiyue/platform';
import { openPerson as openSealedPerson, RecentKeys, type SubjectKeys } from '@qiyue/privacy';
import { namesOf, type AnyAggregate } from '@qiyue/aggregate';
import { eventTopicOf } from '@qiyue/engine';
import { ActiveKeys, ActiveModel, Incidents, type KeyedModel, type LedgerStore, type ReadModel } from '@qiyue/engine-runtime';
import { openChannels, type ChannelSettings } from './channels';
import { NoticeDependencyReader } from './planning/notice-dependencies';
import { NoticeBatches } from './planning/notice-batches';
import { NoticePlanner } from './planning/notice-planner';
import { Dispatch } from './sending/dispatch';
import { DailyService } from './planning/daily.service';
import { AlarmService } from './planning/alarm.service';
import { TroubleAlarmService } from './planning/trouble-alarm.service';
import { RecentDirectory } from './sending/recent-directory';
import { Sender } from './sending/sender';
import { SenderService } from './sending/sender.service';

export interface NotificationsDeps {
  readonly log: Logger;
  readonly aggregates: readonly AnyAggregate[];
  readonly keys: Pick<SubjectKeys, 'byId'>;
  readonly ledger: LedgerStore;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly channels: ChannelSettings;
  readonly health: SystemHealth;
  readonly checkpointMinutes: number;
  readonly tellsTroubles: boolean;
  readonly digestMs: number;
  readonly publicUrl?: string | undefined;
  readonly leaseMs: number;
  readonly smsPerNeed: number;
  readonly groupId: string;
  readonly limits?: Partial<MessageLoopLimits>;
}

@Module({})
export class NotificationsModule {
  /** Throws one sentence when the channels' settings contradict themselves. */
  static with({ log, aggregates, ledger, bus, clock, digestMs, leaseMs, keys, ...deps }: NotificationsDeps): DynamicModule {
    const { db } = ledger;
    const [notices, directory] = [new NoticeStore(db), new DirectoryStore(db)];
    const recentDirectory = new RecentDirectory(directory);
    const { channels, off } = openChannels(deps.channels, (id) => recentDirectory.robotOf(id));
    if (off.length > 0) log.info({ off }, 'channels without settings are off');
    const dependencies = new NoticeDependencyReader({
      ...{ tables: new TableStore(db), directory, preferences: new PreferenceStore(db) },
      ...{ channels: new Set(channels.keys()), digestMs, publicUrl: deps.publicUrl },
    });
    const inbox = new InboxStore(db);
    const recent = new RecentKeys(keys);
    const openPerson = (sealed: string) => openSealedPerson(recent, sealed);
    const planner = new NoticePlanner({ aggregates, ledger, progress: new NoticeProgress(db), inbox, notices, dependencies, openPerson });
    const publisher = bus.publisher();
    const names = namesOf(aggregates);
    const letters = new DeadLetters('notifications', { publisher, rows: new DeadLetterRows(db), log });
    const batches = new NoticeBatches(planner, new Set(names), letters, log);
    const reader = {
      groupId: deps.groupId,
      skipsUnreadable: true as const,
      handle: (messages: readonly IncomingMessage[], alive: () => Promise<void>) => batches.apply(messages, alive),
      probe: () => db.command({ ping: 1 }),
    };
    const loop = new MessageLoop(reader, { letters, incidents: new Incidents(db), log }, deps.limits);
    const alarm = new AlarmService({ audits: new AuditLog(db), inbox, notices, dependencies, log });
    const models = { model: <V>(of: ReadModel<V>) => new ActiveModel<V>(db, of), keys: (of: KeyedModel) => new ActiveKeys(db, of) };
    const daily = new DailyService({ aggregates, progress: new DailyProgress(db), inbox, notices, dependencies, models, clock, log });
    const { health, checkpointMinutes } = deps;
    const troubles = new TroubleAlarmService({
      ...{ alarms: new AlarmStore(db), inbox, notices, dependencies, clock, log, health, checkpointMinutes },
    });
    const dispatch = new Dispatch({
      notices,
      channels,
      directory: recentDirectory,
      budgets: new SmsBudgets(db, deps.smsPerNeed),
      clock,
      log,
      leaseMs,
    });
    const sender = new Sender({ notices, dispatch, clock, log });
    return {
      module: NotificationsModule,
      providers: [
        {
          provide: TopicConsumer,
          useValue: new TopicConsumer({ bus, loop, publisher, log, groupId: deps.groupId, topics: names.map(eventTopicOf) }),
        },
        { provide: AlarmService, useValue: alarm },
        { provide: DailyService, useValue: daily },
        ...(deps.tellsTroubles ? [{ provide: TroubleAlarmService, useValue: troubles }] : []),
        { provide: SenderService, useValue: new SenderService(sender, channels.values()) },
      ],
    };
  }
}
