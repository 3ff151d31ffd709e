import { Module, type DynamicModule } from '@nestjs/common';
import {
  DeadLetterRows,
  DeadLetters,
  isServerAway,
  MessageLoop,
  TopicConsumer,
  type Letter,
  type MessageLoopLimits,
  type StartingTables,
} from '@qiyue/edge';
import type { EventBus, IncomingMessage, Logger } from '@qiyue/platform';
import { eventTopicOf } from '@qiyue/engine';
import {
  ReactionCommands,
  Incidents,
  ParkedReactions,
  ParkingRule,
  reactedTo,
  ReactionProgress,
  ReactionRetries,
  ReactionRunner,
  RefusedReactions,
  type CommandGateway,
  type LedgerStore,
  type OpenSealed,
  type ReactingAggregate,
} from '@qiyue/engine-runtime';
import { ReactionBatches } from './reaction-batches';

export interface ReactionsDeps {
  readonly log: Logger;
  readonly store: LedgerStore;
  readonly bus: EventBus;
  readonly gateway: Pick<CommandGateway, 'execute'>;
  readonly aggregates: readonly ReactingAggregate[];
  /** Resolves while Temporal answers. */
  readonly askTemporal: () => Promise<unknown>;
  readonly parkAfterMs: number;
  readonly groupId: string;
  readonly limits?: Partial<MessageLoopLimits>;
  /** What an entity that a reaction starts runs on. */
  readonly tablesFor: StartingTables;
  /** For reactions that need what is sealed. */
  readonly open: OpenSealed;
}

@Module({})
export class ReactionsModule {
  /** Throws one sentence when commands of two reactions could be taken for one another. */
  static with({
    log,
    store,
    bus,
    gateway,
    aggregates,
    askTemporal,
    parkAfterMs,
    groupId,
    limits = {},
    tablesFor,
    open,
  }: ReactionsDeps): DynamicModule {
    const { db } = store;
    const [progress, parked, refused, publisher] = [new ReactionProgress(db), new ParkedReactions(db), new RefusedReactions(db), bus.publisher()];
    const parking = new ParkingRule(parkAfterMs, askTemporal);
    const commands = new ReactionCommands({ gateway, store, parking, isServerAway, tablesFor });
    const runner = new ReactionRunner(aggregates, { ledger: store, commands, progress, parked, refused, open, log });
    const topics = reactedTo(aggregates).map(eventTopicOf);
    const rows = new DeadLetterRows(db);
    const letters = new Map(topics.map((topic) => [topic, new DeadLetters('reactions', { topic: `${topic}.dead`, publisher, rows, log })]));
    const toItsOwn = { send: async (message: IncomingMessage, letter: Letter) => letters.get(message.topic)?.send(message, letter) };
    const batches = new ReactionBatches({ runner, store, parked, letters: toItsOwn, log }, reactedTo(aggregates));
    const reader = {
      groupId,
      skipsUnreadable: true as const,
      handle: (messages: readonly IncomingMessage[], alive: () => Promise<void>) => batches.apply(messages, alive),
      setAside: (message: IncomingMessage, letter: Letter) => batches.setAside(message, letter),
      probe: () => Promise.all([db.command({ ping: 1 }), askTemporal()]),
    };
    const loop = new MessageLoop(reader, { letters: toItsOwn, incidents: new Incidents(db), log }, limits);
    const retries = new ReactionRetries(aggregates, { runner, parked, refused, log });
    return {
      module: ReactionsModule,
      providers: [
        {
          provide: TopicConsumer,
          useValue: new TopicConsumer({ bus, loop, publisher, topics, groupId, log, before: () => retries.start(), behind: () => retries.stop() }),
        },
      ],
    };
  }
}
