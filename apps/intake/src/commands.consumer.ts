import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { EventBus, MessageLoop, Publisher, Subscription } from '@qiyue/adapters';
import { commandTopicOf } from '@qiyue/engine';
import type { ParkedRetries } from './parked-retries';

export const GROUP_ID = 'qiyue.intake.need';

export interface CommandsConsumerParts {
  readonly bus: EventBus;
  readonly loop: Pick<MessageLoop, 'take'>;
  readonly retries: Pick<ParkedRetries, 'start' | 'stop'>;
  /** Of dead letters. */
  readonly publisher: Publisher;
  readonly onTrouble: (kind: string) => void;
}

/** Reads the commands of needs for as long as the process lives. An offset is committed only behind an outcome, or behind the parking. */
@Injectable()
export class CommandsConsumer implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private subscription: Subscription | null = null;

  constructor(private readonly parts: CommandsConsumerParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bus, loop, retries, onTrouble } = this.parts;
    retries.start();
    this.subscription = await bus.subscribe({ groupId: GROUP_ID, topics: [commandTopicOf('need')], partitionsAtOnce: 6, onTrouble }, loop.take);
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
    await this.parts.retries.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.publisher.close();
  }
}
