import { Module, type DynamicModule } from '@nestjs/common';
import type { Denials } from '@qiyue/audit';
import {
  DeadLetterRows,
  DeadLetters,
  MessageLoop,
  ParkedCommands,
  TopicConsumer,
  type Credentials,
  type HandedReceipts,
  type Letter,
  type MessageLoopLimits,
  type EntityCommands,
  type RightsSeal,
} from '@qiyue/edge';
import { intakeGroupOf, type EventBus, type IncomingMessage, type Logger } from '@qiyue/platform';
import type { AnyAggregate } from '@qiyue/aggregate';
import { commandTopicOf } from '@qiyue/engine';
import { Incidents, type CommandLog, type LedgerStore } from '@qiyue/engine-runtime';
import { CommandIntake } from './command-intake';
import { CommandOutcomes } from './command-outcomes';
import { IntakeLife } from './intake-life';
import { Parking } from './parking';
import { ParkedRetries } from './parked-retries';
import { letterTextOf } from './without-personal';

export interface IntakeDeps {
  readonly log: Logger;
  readonly aggregates: readonly AnyAggregate[];
  readonly bus: EventBus;
  /** What a group reads by. */
  readonly busFor: (groupId: string) => EventBus;
  readonly db: LedgerStore['db'];
  readonly commands: EntityCommands;
  readonly commandLog: CommandLog;
  readonly tokens: Pick<Credentials, 'verify'>;
  readonly receipts: Pick<HandedReceipts, 'of'>;
  readonly rights: Pick<RightsSeal, 'sign' | 'isRight'>;
  readonly denials: Pick<Denials, 'add'>;
  /** Resolves while Temporal answers. */
  readonly askTemporal: () => Promise<unknown>;
  readonly parkAfterMs: number;
  readonly limits?: Partial<MessageLoopLimits>;
}

@Module({})
export class IntakeModule {
  static with({
    log,
    aggregates,
    bus,
    busFor,
    db,
    commands,
    commandLog,
    tokens,
    receipts,
    rights,
    denials,
    askTemporal,
    parkAfterMs,
    limits = {},
  }: IntakeDeps): DynamicModule {
    const [incidents, parked] = [new Incidents(db), new ParkedCommands(db, rights)];
    const publisher = bus.publisher();
    const parking = new Parking({ commands, parked, incidents, askTemporal }, parkAfterMs);
    const letters = new DeadLetters('intake', {
      publisher,
      rows: new DeadLetterRows(db),
      log,
      cleaned: (message) => letterTextOf(message, aggregates),
    });
    const outcomesOf = new Map(aggregates.map((one) => [one.decider.aggregate, new CommandOutcomes({ letters, commandLog, denials }, one)]));
    const consumers = aggregates.map((aggregate) => {
      const name = aggregate.decider.aggregate;
      const outcomes = outcomesOf.get(name) as CommandOutcomes;
      const intake = new CommandIntake({ commands, tokens, receipts, outcomes, parking, denials, log }, aggregate);
      const reader = {
        groupId: intakeGroupOf(name),
        handle: (messages: readonly IncomingMessage[], alive: () => Promise<void>) => intake.take(messages, alive),
        setAside: (message: IncomingMessage, { reason }: Letter) => intake.setAside(message, reason === 'malformed' ? reason : 'failed'),
        probe: () => Promise.all([db.command({ ping: 1 }), askTemporal()]),
      };
      const loop = new MessageLoop(reader, { letters, incidents, log }, limits);
      return new TopicConsumer({ groupId: reader.groupId, topics: [commandTopicOf(name)], bus: busFor(reader.groupId), loop, log });
    });
    const retries = new ParkedRetries({ parked, commands, outcomes: (aggregate) => outcomesOf.get(aggregate) ?? null, incidents, log });
    return {
      module: IntakeModule,
      providers: [
        ...consumers.map((consumer) => ({ provide: Symbol('TopicConsumer'), useValue: consumer })),
        { provide: IntakeLife, useValue: new IntakeLife(retries, publisher) },
      ],
    };
  }
}
