import { Module, type DynamicModule } from '@nestjs/common';
import {
  AUDIT,
  DeadLetterRows,
  DeadLetters,
  FactTrail,
  MessageLoop,
  needsModel,
  type EventBus,
  type IncomingMessage,
  type Letter,
  type Logger,
  type MessageLoopLimits,
} from '@qiyue/adapters';
import { eventTopicOf } from '@qiyue/engine';
import { ActiveModel, FeedReader, Incidents, LedgerStore, ModelIsNewer, Projector, Quarantine, rebuildModel, Trail } from '@qiyue/engine-runtime';
import { GROUP_ID, NeedEventsConsumer } from './need-events.consumer';
import { KnownRules } from './known-rules';
import { ProjectionBatches } from './projection-batches';
import { TrailKeeper, type Followed } from './trail-keeper';

export interface ProjectionsDeps {
  readonly log: Logger;
  readonly store: LedgerStore;
  readonly bus: EventBus;
  readonly limits?: Partial<MessageLoopLimits>;
}

/**
 * A document of an older version cannot take the events of today: the model is made anew before any is applied. One of a newer version
 * is left to newer programs, which this one waits for to be gone, or for an operator who rolls the model back too.
 */
const rebuildIfOlder = async (store: LedgerStore, log: Logger): Promise<void> => {
  const { version } = await new ActiveModel(store.db, needsModel).pointer();
  if (version > needsModel.version) throw new ModelIsNewer(needsModel.name, version, needsModel.version);
  if (version === needsModel.version) return;
  log.info({ model: needsModel.name, from: version, to: needsModel.version }, 'rebuilding the read model of an older version');
  const { entities, records } = await rebuildModel(store, needsModel, () => undefined);
  log.info({ entities, records }, 'rebuilt');
};

const RETRY_MS = 1_000;

/** A ledger that is away at the start is waited for, and so is the rebuild of another process. */
const untilDone = async (work: () => Promise<void>, log: Logger): Promise<void> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      log.warn({ err: error instanceof Error ? error.name : typeof error }, 'the read model cannot be looked at yet');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
};

@Module({})
export class ProjectionsModule {
  static with({ log, store, bus, limits = {} }: ProjectionsDeps): DynamicModule {
    const quarantine = new Quarantine(store.db, needsModel.name);
    const active = new ActiveModel(store.db, needsModel);
    const projector = new Projector(needsModel, { store, quarantine, active });
    const publisher = bus.publisher();
    const letters = new DeadLetters('projections', {
      topic: `${eventTopicOf(needsModel.aggregate)}.dead`,
      publisher,
      rows: new DeadLetterRows(store.db),
      log,
    });
    const batches = new ProjectionBatches(projector, quarantine, needsModel.aggregate, letters, store);
    const reader = {
      groupId: GROUP_ID,
      handle: (messages: readonly IncomingMessage[], alive: () => Promise<void>) => batches.apply(messages, alive),
      setAside: (message: IncomingMessage, letter: Letter) => batches.setAside(message, letter),
      probe: () => store.db.command({ ping: 1 }),
    };
    const loop = new MessageLoop(reader, { letters, incidents: new Incidents(store.db), log }, limits);
    const onTrouble = (kind: string) => log.warn({ kind }, 'the consumer starts anew');
    const bringUpToDate = () => untilDone(() => rebuildIfOlder(store, log), log);
    return {
      module: ProjectionsModule,
      providers: [
        { provide: TrailKeeper, useValue: new TrailKeeper([trailOf(store), factTrailOf(store)], log) },
        { provide: KnownRules, useValue: new KnownRules(needsModel, { store, quarantine, active }, log) },
        { provide: NeedEventsConsumer, useValue: new NeedEventsConsumer({ bus, loop, publisher, onTrouble, bringUpToDate }) },
      ],
    };
  }
}

/** Copies to search by, built behind the writing. */
const trailOf = (store: LedgerStore): Followed => {
  const trail = new Trail(store.db);
  return { ensureIndexes: () => trail.ensureIndexes(), catchUp: () => trail.catchUp(store) };
};
const factTrailOf = (store: LedgerStore): Followed => {
  const [trail, feed] = [new FactTrail(store.db), new FeedReader(new LedgerStore(store.db, AUDIT))];
  return { ensureIndexes: () => trail.ensureIndexes(), catchUp: () => trail.catchUp(feed) };
};
