import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Publisher } from '@qiyue/platform';

/** Closes the way of dead letters once nobody writes any more. */
@Injectable()
export class LettersLife implements OnApplicationShutdown {
  constructor(private readonly publisher: Pick<Publisher, 'close'>) {}

  async onApplicationShutdown(): Promise<void> {
    await this.publisher.close();
  }
}
