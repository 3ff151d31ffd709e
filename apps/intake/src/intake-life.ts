import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { Publisher } from '@qiyue/platform';
import type { ParkedRetries } from './parked-retries';

/** What all readers of commands share, for as long as the process lives. */
@Injectable()
export class IntakeLife implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly retries: Pick<ParkedRetries, 'start' | 'stop'>,
    /** Of dead letters. */
    private readonly publisher: Pick<Publisher, 'close'>,
  ) {}

  onApplicationBootstrap(): void {
    this.retries.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.retries.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.publisher.close();
  }
}
