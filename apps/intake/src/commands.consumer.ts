import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { MessageLoop } from '@qiyue/edge';
import type { EventBus, Subscription } from '@qiyue/platform';

export interface CommandsConsumerParts {
  readonly groupId: string;
  readonly topic: string;
  readonly bus: EventBus;
  readonly loop: Pick<MessageLoop, 'take'>;
  readonly onTrouble: (kind: string) => void;
}

/** Reads the commands of one aggregate for as long as the process lives. An offset is committed only behind an outcome, or behind the parking. */
@Injectable()
export class CommandsConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  private subscription: Subscription | null = null;

  constructor(private readonly parts: CommandsConsumerParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { groupId, topic, bus, loop, onTrouble } = this.parts;
    this.subscription = await bus.subscribe({ groupId, topics: [topic], partitionsAtOnce: 6, onTrouble }, loop.take);
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
  }
}
