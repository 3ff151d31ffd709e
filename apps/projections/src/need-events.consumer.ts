import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { EventBus, MessageLoop, Publisher, Subscription } from '@qiyue/adapters';
import { eventTopicOf } from '@qiyue/engine';

export const GROUP_ID = 'qiyue.projections.needs';

export interface NeedEventsConsumerParts {
  readonly bus: EventBus;
  readonly loop: Pick<MessageLoop, 'take'>;
  /** Of dead letters. */
  readonly publisher: Publisher;
  readonly onTrouble: (kind: string) => void;
  /** Makes the read model anew if it is of an older version of the program. */
  readonly bringUpToDate: () => Promise<void>;
}

/** Reads the events of needs, batch by batch, for as long as the process lives. */
@Injectable()
export class NeedEventsConsumer implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private subscription: Subscription | null = null;

  constructor(private readonly parts: NeedEventsConsumerParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bus, loop, bringUpToDate, onTrouble } = this.parts;
    await bringUpToDate();
    this.subscription = await bus.subscribe({ groupId: GROUP_ID, topics: [eventTopicOf('need')], partitionsAtOnce: 6, onTrouble }, loop.take);
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.publisher.close();
  }
}
