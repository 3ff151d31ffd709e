import type { FeedReader } from '@qiyue/engine-runtime';

const LOOK_EVERY_MS = 100;

/** Where the feed ends now. One look for all streams that wait, however many they are; none while nobody waits. */
export class FeedHead {
  private waiting: { readonly position: number; readonly resolve: () => void }[] = [];
  private looking = false;

  constructor(private readonly feed: Pick<FeedReader, 'headPosition'>) {}

  /** Resolves once the feed has gone beyond `position`, or after `ms`. A feed that cannot be read counts as standing still. */
  async beyond(position: number, ms: number, gone: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const entry = { position, resolve: done };
      const timer = setTimeout(done, ms);
      const leave = (): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', done);
        this.waiting = this.waiting.filter((other) => other !== entry);
      };
      function done(): void {
        leave();
        resolve();
      }
      gone.addEventListener('abort', done);
      if (gone.aborted) return done();
      this.waiting.push(entry);
      if (!this.looking) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.waiting.length > 0) {
      const head = await this.feed.headPosition().catch(() => 0);
      for (const { position, resolve } of [...this.waiting]) if (head > position) resolve();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    this.looking = false;
  }
}
