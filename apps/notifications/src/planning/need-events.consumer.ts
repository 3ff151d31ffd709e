import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { EventBus, Logger, Publisher, Subscription } from '@qiyue/adapters';
import { eventTopicOf } from '@qiyue/engine';
import type { NoticeBatches } from './notice-batches';

export const GROUP_ID = 'qiyue.notifications';

/** Reads the events of needs, batch by batch; an offset is committed when all its notices are stored. */
@Injectable()
export class NeedEventsConsumer implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private subscription: Subscription | null = null;
  private publisher: Publisher | null = null;

  constructor(
    private readonly bus: EventBus,
    private readonly batches: NoticeBatches,
    private readonly log: Logger,
    private readonly groupId: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const publisher = this.bus.publisher();
    this.publisher = publisher;
    const onTrouble = (kind: string) => this.log.warn({ kind }, 'batch will be tried again');
    const options = { groupId: this.groupId, topics: [eventTopicOf('need')], partitionsAtOnce: 6, onTrouble };
    this.subscription = await this.bus.subscribe(options, (messages, alive) => this.batches.apply(messages, alive, publisher));
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.publisher?.close();
  }
}
