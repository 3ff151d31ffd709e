import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, StackError } from '../base/stack-error';
import type { StackLog } from '../base/stack-log';
import type { TendedProcess } from '../base/tended-process';

const BACK_OFF_FROM_MS = 200;
const BACK_OFF_TO_MS = 5000;
/** A process that ran this long has recovered: its next death is a new story. */
const STEADY_AFTER_MS = 30_000;
const FIRST_TRIES_MAX = 5;
const FIRST_BOUND_MS = 60_000;

/** Keeps one process running: starts it again whenever it has died, sooner at first and at most every 5 s. */
export class Keeper {
  private readonly abort = new AbortController();
  private backOffMs = BACK_OFF_FROM_MS;
  private loop: Promise<void> = Promise.resolve();
  private lastError = '';

  constructor(
    private readonly tended: TendedProcess,
    private readonly log: StackLog,
  ) {}

  /** For a process that is ready already. */
  keep(): void {
    this.loop = this.tend();
  }

  /** Starts the process and keeps it. Throws a StackError when it died five times, or was not ready after a minute. */
  async startAndKeep(): Promise<void> {
    const startedAtMs = Date.now();
    for (let tries = 1; !this.stopping; tries += 1) {
      if (await this.tryStart()) return this.keep();
      if (tries === FIRST_TRIES_MAX || Date.now() - startedAtMs > FIRST_BOUND_MS) throw new StackError(this.lastError);
      await this.pause();
    }
  }

  /** Ends the process for good. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.tended.stop();
    await this.loop;
    await this.tended.stop(); // the loop may have been in the middle of a start
  }

  private get stopping(): boolean {
    return this.abort.signal.aborted;
  }

  private async tend(): Promise<void> {
    while (!this.stopping) {
      const readySinceMs = Date.now();
      await this.tended.exited();
      if (this.stopping) return;
      this.log.say({ 'zh-CN': `${this.tended.name} 已退出，正在重新启动`, en: `${this.tended.name} has ended and is started again` });
      if (Date.now() - readySinceMs >= STEADY_AFTER_MS) this.backOffMs = BACK_OFF_FROM_MS;
      await this.revive();
    }
  }

  private async revive(): Promise<void> {
    do {
      this.tended.record('restarting');
      await this.pause();
    } while (!this.stopping && !(await this.tryStart()));
  }

  private async tryStart(): Promise<boolean> {
    try {
      await this.tended.start();
      if (!this.stopping) await this.tended.waitReady();
      return true;
    } catch (error) {
      this.lastError = messageOf(error);
      if (!this.stopping) this.log.say(this.lastError);
      await this.tended.kill();
      return false;
    }
  }

  private async pause(): Promise<void> {
    const waitMs = this.backOffMs;
    this.backOffMs = Math.min(waitMs * 2, BACK_OFF_TO_MS);
    await delay(waitMs, undefined, { signal: this.abort.signal }).catch(() => undefined);
  }
}
