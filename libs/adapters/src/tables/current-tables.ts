import type { Tables } from '@qiyue/engine';
import type { Logger } from '../log/logger';
import type { Current, TableStore } from './table-store';

const REFRESH_MS = 5_000;
const RETRY_MS = 500;

/**
 * The current calendar and policy as a process holds them, at most about five seconds old. A process that has never
 * been able to read them has none: it must not guess, so what needs them waits.
 */
export class CurrentTables {
  private current: Current | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly store: Pick<TableStore, 'current'>,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.reading = this.refresh();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.reading;
  }

  /** Null until they have been read once. */
  get(): Current | null {
    return this.current;
  }

  tables(): Tables | null {
    return this.current && { ...this.current.tables };
  }

  private async refresh(): Promise<void> {
    try {
      this.current = await this.store.current();
    } catch (error) {
      this.log.warn({ err: error instanceof Error ? error.name : typeof error }, 'calendar and policy cannot be read');
    }
    if (!this.stopped) this.timer = setTimeout(() => void (this.reading = this.refresh()), this.current === null ? RETRY_MS : REFRESH_MS);
  }
}
