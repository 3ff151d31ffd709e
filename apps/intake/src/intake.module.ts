import { Module, type DynamicModule } from '@nestjs/common';
import type { EventBus, Logger } from '@qiyue/adapters';
import type { CommandIntake } from './command-intake';
import { CommandsConsumer } from './commands.consumer';

export interface IntakeDeps {
  readonly log: Logger;
  readonly bus: EventBus;
  readonly intake: CommandIntake;
}

@Module({})
export class IntakeModule {
  static with({ log, bus, intake }: IntakeDeps): DynamicModule {
    return { module: IntakeModule, providers: [{ provide: CommandsConsumer, useValue: new CommandsConsumer(bus, intake, log) }] };
  }
}
