import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';

/** Looks every so often while the process runs, one look behind the other, and ends behind the one that is under way. */
export abstract class LookingService implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();

  protected constructor(private readonly everyMs: number) {}

  /** Does not throw: what cannot be told now is told at the next look. */
  abstract look(): Promise<void>;

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look());
    }, this.everyMs);
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.looking;
  }
}
