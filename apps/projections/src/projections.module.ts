import { Module, type DynamicModule } from '@nestjs/common';
import { AUDIT, FactTrail } from '@qiyue/audit';
import { DeadLetterRows, DeadLetters, MessageLoop, TopicConsumer, type Letter, type MessageLoopLimits } from '@qiyue/edge';
import { projectionGroupOf, type EventBus, type IncomingMessage, type Logger } from '@qiyue/platform';
import { modelsOf, type AnyAggregate } from '@qiyue/aggregate';
import { eventTopicOf } from '@qiyue/engine';
import { FeedReader, KnownHashes, Incidents, LedgerStore, projected, Trail, type ProjectedModel } from '@qiyue/engine-runtime';
import { KnownRules } from './known-rules';
import { LettersLife } from './letters-life';
import { EventsOnce } from './events-once';
import { ProjectionBatches } from './projection-batches';
import { TrailKeeper, type Followed } from './trail-keeper';

export interface ProjectionsDeps {
  readonly log: Logger;
  readonly aggregates: readonly AnyAggregate[];
  readonly store: LedgerStore;
  readonly bus: EventBus;
  /** What a group reads by. */
  readonly busFor: (groupId: string) => EventBus;
  readonly limits?: Partial<MessageLoopLimits>;
}

/**
 * A document of an older version cannot take the events of today: the model is made anew before any is applied. One of a newer version
 * is left to newer programs, which this one waits for to be gone, or for an operator who rolls the model back too.
 */
const rebuildIfOlder = async (model: ProjectedModel, log: Logger): Promise<void> => {
  const { name, version: to } = model;
  const rebuilt = await model.bringUpToDate((from) => log.info({ model: name, from, to }, 'rebuilding the read model of an older version'));
  if (rebuilt !== null) log.info({ entities: rebuilt.entities, records: rebuilt.records }, 'rebuilt');
};

const RETRY_MS = 1_000;
/** Sums over many entities may be a second old: they are written for many events at once, which leaves the time to what people wait for. */
const SUMS_PACE = { waitMs: 1_000, bytesMin: 256 * 1024 };

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
  static with({ log, aggregates, store, bus, busFor, limits = {} }: ProjectionsDeps): DynamicModule {
    const publisher = bus.publisher();
    const letters = new DeadLetters('projections', { publisher, rows: new DeadLetterRows(store.db), log });
    const incidents = new Incidents(store.db);
    const [events, hashes] = [new EventsOnce(), new KnownHashes(store)];
    const providers = modelsOf(aggregates).flatMap((each) => {
      const model = projected(store, each);
      const batches = new ProjectionBatches(model, model.quarantine, model.aggregates, letters, events, hashes.of);
      const groupId = projectionGroupOf(model.name);
      const reader = {
        groupId,
        handle: (messages: readonly IncomingMessage[], alive: () => Promise<void>) => batches.apply(messages, alive),
        setAside: (message: IncomingMessage, letter: Letter) => batches.setAside(message, letter),
        probe: () => store.db.command({ ping: 1 }),
      };
      const loop = new MessageLoop(reader, { letters, incidents, log }, limits);
      const before = () => untilDone(() => rebuildIfOlder(model, log), log); // by an older version of the program
      const consumer = new TopicConsumer({
        groupId,
        topics: model.aggregates.map(eventTopicOf),
        bus: busFor(groupId),
        loop,
        log,
        before,
        ...('sources' in each ? { pace: SUMS_PACE } : {}),
      });
      return [
        { provide: Symbol('KnownRules'), useValue: new KnownRules(model, log) },
        { provide: Symbol('TopicConsumer'), useValue: consumer },
      ];
    });
    const idNames = aggregates.map(({ idName }) => idName);
    return {
      module: ProjectionsModule,
      providers: [
        { provide: TrailKeeper, useValue: new TrailKeeper([trailOf(store), factTrailOf(store, idNames)], log) },
        { provide: LettersLife, useValue: new LettersLife(publisher) },
        ...providers,
      ],
    };
  }
}

/** Copies to search by, built behind the writing. */
const trailOf = (store: LedgerStore): Followed => {
  const trail = new Trail(store.db);
  return { ensureIndexes: () => trail.ensureIndexes(), catchUp: () => trail.catchUp(store) };
};
const factTrailOf = (store: LedgerStore, idNames: readonly string[]): Followed => {
  const [trail, feed] = [new FactTrail(store.db, idNames), new FeedReader(new LedgerStore(store.db, AUDIT))];
  return { ensureIndexes: () => trail.ensureIndexes(), catchUp: () => trail.catchUp(feed) };
};
