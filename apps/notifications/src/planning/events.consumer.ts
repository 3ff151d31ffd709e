import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { MessageLoop } from '@qiyue/edge';
import type { EventBus, Publisher, Subscription } from '@qiyue/platform';

export interface EventsConsumerParts {
  readonly bus: EventBus;
  readonly loop: Pick<MessageLoop, 'take'>;
  /** Of dead letters. */
  readonly publisher: Publisher;
  readonly onTrouble: (kind: string) => void;
  readonly groupId: string;
  readonly topics: readonly string[];
}

/** Reads events, batch by batch; an offset is committed when all its notices are stored. */
@Injectable()
export class EventsConsumer implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private subscription: Subscription | null = null;

  constructor(private readonly parts: EventsConsumerParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bus, loop, groupId, topics, onTrouble } = this.parts;
    this.subscription = await bus.subscribe({ groupId, topics, partitionsAtOnce: 6, onTrouble }, loop.take);
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.publisher.close();
  }
}
