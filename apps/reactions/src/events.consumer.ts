import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { MessageLoop } from '@qiyue/edge';
import type { EventBus, Logger, Publisher, Subscription } from '@qiyue/platform';
import type { ReactionRetries } from '@qiyue/engine-runtime';

export interface EventsConsumerParts {
  readonly bus: EventBus;
  readonly loop: Pick<MessageLoop, 'take'>;
  readonly retries: Pick<ReactionRetries, 'start' | 'stop'>;
  /** Of dead letters. */
  readonly publisher: Publisher;
  readonly topics: readonly string[];
  readonly groupId: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** Reads the events to which something reacts; an offset is committed when all that follows from them has its outcome, or is parked. */
@Injectable()
export class EventsConsumer implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private subscription: Subscription | null = null;

  constructor(private readonly parts: EventsConsumerParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bus, loop, retries, topics, groupId, log } = this.parts;
    if (topics.length === 0) return log.info('no kind of entity has reactions: nothing is read');
    retries.start();
    const onTrouble = (kind: string): void => log.warn({ kind }, 'the consumer starts anew');
    this.subscription = await bus.subscribe({ groupId, topics, partitionsAtOnce: 6, onTrouble }, loop.take);
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
    await this.parts.retries.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.publisher.close();
  }
}
