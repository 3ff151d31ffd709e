import { Module, type DynamicModule } from '@nestjs/common';
import {
  DeadLetterRows,
  DeadLetters,
  MessageLoop,
  ParkedCommands,
  type Credentials,
  type EventBus,
  type HandedReceipts,
  type IncomingMessage,
  type Denials,
  type Letter,
  type Logger,
  type MessageLoopLimits,
  type NeedCommands,
  type RightsSeal,
} from '@qiyue/adapters';
import { deadLetterTopicOf } from '@qiyue/engine';
import { Incidents, type CommandLog, type LedgerStore } from '@qiyue/engine-runtime';
import { CommandIntake } from './command-intake';
import { CommandOutcomes } from './command-outcomes';
import { CommandsConsumer, GROUP_ID } from './commands.consumer';
import { Parking } from './parking';
import { ParkedRetries } from './parked-retries';
import { letterTextOf } from './without-personal';

export interface IntakeDeps {
  readonly log: Logger;
  readonly bus: EventBus;
  readonly db: LedgerStore['db'];
  readonly commands: NeedCommands;
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
    bus,
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
    const [publisher, incidents, parked] = [bus.publisher(), new Incidents(db), new ParkedCommands(db, rights)];
    const letters = new DeadLetters('intake', {
      topic: deadLetterTopicOf('need'),
      publisher,
      rows: new DeadLetterRows(db),
      log,
      cleaned: letterTextOf,
    });
    const outcomes = new CommandOutcomes({ letters, commandLog, denials });
    const parking = new Parking({ commands, parked, incidents, askTemporal }, parkAfterMs);
    const intake = new CommandIntake({ commands, tokens, receipts, outcomes, parking, denials, log });
    const reader = {
      groupId: GROUP_ID,
      handle: (messages: readonly IncomingMessage[], alive: () => Promise<void>) => intake.take(messages, alive),
      setAside: (message: IncomingMessage, { reason }: Letter) => intake.setAside(message, reason === 'malformed' ? reason : 'failed'),
      probe: () => Promise.all([db.command({ ping: 1 }), askTemporal()]),
    };
    const loop = new MessageLoop(reader, { letters, incidents, log }, limits);
    const retries = new ParkedRetries({ parked, commands, outcomes, incidents, log });
    const onTrouble = (kind: string) => log.warn({ kind }, 'the consumer starts anew');
    return {
      module: IntakeModule,
      providers: [{ provide: CommandsConsumer, useValue: new CommandsConsumer({ bus, loop, retries, publisher, onTrouble }) }],
    };
  }
}
