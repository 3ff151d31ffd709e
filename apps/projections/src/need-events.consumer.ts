import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { EventBus, Logger, Publisher, Subscription } from '@qiyue/adapters';
import { eventTopicOf } from '@qiyue/engine';
import type { ProjectionBatches } from './projection-batches';

const GROUP_ID = 'qiyue.projections.needs';

/** Reads the events of needs, batch by batch, for as long as the process lives. */
@Injectable()
export class NeedEventsConsumer implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private subscription: Subscription | null = null;
  private publisher: Publisher | null = null;

  constructor(
    private readonly bus: EventBus,
    private readonly batches: ProjectionBatches,
    private readonly log: Logger,
    /** Makes the read model anew if it is of an older version of the program. */
    private readonly bringUpToDate: () => Promise<void>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bringUpToDate();
    const publisher = this.bus.publisher();
    this.publisher = publisher;
    const onTrouble = (kind: string) => this.log.warn({ kind }, 'batch will be tried again');
    this.subscription = await this.bus.subscribe({ groupId: GROUP_ID, topics: [eventTopicOf('need')], partitionsAtOnce: 6, onTrouble }, (messages) =>
      this.batches.apply(messages, publisher),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.publisher?.close();
  }
}
