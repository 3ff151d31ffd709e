import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@qiyue/platform';

const EVERY_MS = 1_000;
const PAUSE_MS = 5_000;

/** A copy that is made anew from the beginning when it is dropped. */
export interface Followed {
  ensureIndexes(): Promise<void>;
  /** Copies what is new. */
  catchUp(): Promise<unknown>;
}

/** Keeps the trails of commands and facts up with what they are copies of, for as long as the process lives. */
@Injectable()
export class TrailKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private stopped = false;
  private running: Promise<void> | null = null;
  private wake: () => void = () => undefined;

  constructor(
    private readonly trails: readonly Followed[],
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    let hasIndexes = false;
    while (!this.stopped) {
      const pauseMs = await this.round(hasIndexes).then(
        () => ((hasIndexes = true), EVERY_MS),
        (error: unknown) => this.pauseAfter(error),
      );
      if (!this.stopped) await this.sleep(pauseMs);
    }
  }

  private async round(hasIndexes: boolean): Promise<void> {
    for (const trail of this.trails) {
      if (!hasIndexes) await trail.ensureIndexes();
      await trail.catchUp();
    }
  }

  private pauseAfter(error: unknown): number {
    this.log.warn({ err: error instanceof Error ? error.name : typeof error }, 'a trail waits for its database');
    return PAUSE_MS;
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
