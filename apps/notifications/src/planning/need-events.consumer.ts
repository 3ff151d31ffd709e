import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { EventBus, MessageLoop, Publisher, Subscription } from '@qiyue/adapters';
import { eventTopicOf } from '@qiyue/engine';

export const GROUP_ID = 'qiyue.notifications';

export interface NeedEventsConsumerParts {
  readonly bus: EventBus;
  readonly loop: Pick<MessageLoop, 'take'>;
  /** Of dead letters. */
  readonly publisher: Publisher;
  readonly onTrouble: (kind: string) => void;
  readonly groupId: string;
}

/** Reads the events of needs, batch by batch; an offset is committed when all its notices are stored. */
@Injectable()
export class NeedEventsConsumer implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private subscription: Subscription | null = null;

  constructor(private readonly parts: NeedEventsConsumerParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bus, loop, groupId, onTrouble } = this.parts;
    this.subscription = await bus.subscribe({ groupId, topics: [eventTopicOf('need')], partitionsAtOnce: 6, onTrouble }, loop.take);
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.publisher.close();
  }
}
