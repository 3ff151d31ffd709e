import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@qiyue/platform';
import type { ProjectedModel } from '@qiyue/engine-runtime';

const EVERY_MS = 30_000;

/**
 * Lets go on what was set aside because its records were made under rules that an older program did not know, once this one
 * does: at the start, and now and then, while older ones may still set some aside.
 */
@Injectable()
export class KnownRules implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly model: Pick<ProjectedModel, 'waitingForKnownRules' | 'release'>,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
    private readonly everyMs = EVERY_MS,
  ) {}

  onApplicationBootstrap(): void {
    this.look();
    this.timer = setInterval(() => this.look(), this.everyMs);
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.round;
  }

  private look(): void {
    this.round = this.round
      .then(() => this.releaseAll())
      .catch((error: unknown) => this.log.warn({ err: error instanceof Error ? error.name : typeof error }, 'will look for known rules again'));
  }

  private async releaseAll(): Promise<void> {
    for (const entity of await this.model.waitingForKnownRules()) {
      if (this.isStopped) return;
      const goesOn = await this.model.release(entity);
      this.log.info({ entity, goesOn }, 'its rules are known now');
    }
  }
}
