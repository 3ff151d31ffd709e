import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { MessageLoop } from '@qiyue/edge';
import type { EventBus, Subscription } from '@qiyue/platform';

export interface EventsConsumerParts {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly bus: EventBus;
  readonly loop: Pick<MessageLoop, 'take'>;
  readonly onTrouble: (kind: string) => void;
  /** Makes the read model anew if it is of an older version of the program. */
  readonly bringUpToDate: () => Promise<void>;
}

/** Reads the events that one model is made of, batch by batch, for as long as the process lives. */
@Injectable()
export class EventsConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  private subscription: Subscription | null = null;

  constructor(private readonly parts: EventsConsumerParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { groupId, topics, bus, loop, bringUpToDate, onTrouble } = this.parts;
    await bringUpToDate();
    this.subscription = await bus.subscribe({ groupId, topics, partitionsAtOnce: 6, onTrouble }, loop.take);
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
  }
}
