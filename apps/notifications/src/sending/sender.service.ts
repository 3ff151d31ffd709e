import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Channel } from '../channels';
import type { Sender } from './sender';

/** The sender's life within the process; its channels end behind it. */
@Injectable()
export class SenderService implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly sender: Sender,
    private readonly channels: Iterable<Channel>,
  ) {}

  onApplicationBootstrap(): void {
    this.sender.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.sender.stop();
    await Promise.all([...this.channels].map((channel) => channel.close()));
  }
}
