import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { EventBus, Logger, Publisher, Subscription } from '@qiyue/adapters';
import { commandTopicOf } from '@qiyue/engine';
import type { CommandIntake } from './command-intake';

const GROUP_ID = 'qiyue.intake.need';

/** Reads the commands of needs for as long as the process lives. An offset is committed only behind an outcome. */
@Injectable()
export class CommandsConsumer implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private subscription: Subscription | null = null;
  private publisher: Publisher | null = null;

  constructor(
    private readonly bus: EventBus,
    private readonly intake: CommandIntake,
    private readonly log: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const publisher = this.bus.publisher();
    this.publisher = publisher;
    const onTrouble = (kind: string) => this.log.warn({ kind }, 'batch will be tried again');
    this.subscription = await this.bus.subscribe(
      { groupId: GROUP_ID, topics: [commandTopicOf('need')], partitionsAtOnce: 6, onTrouble },
      (messages, alive) => this.intake.take(messages, alive, publisher),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.publisher?.close();
  }
}
