import type { Incidents } from '../incidents/incidents';

const SHOWN_AFTER_MS = 3_000;
const AGAIN_AFTER_MS = 5_000;

/** Sending that keeps failing, told to the operator once it has lasted, and untold when it is over. Never waits for either. */
export class SendTrouble {
  private sinceMs: number | null = null;
  private toldMs: number | null = null;
  /** The incident may stand from before a restart. */
  private mayStand = true;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly incidents: Pick<Incidents, 'note' | 'clear'>,
    private readonly subject: string,
  ) {}

  met(error: unknown): void {
    const nowMs = performance.now();
    this.sinceMs ??= nowMs;
    if (nowMs - this.sinceMs < SHOWN_AFTER_MS || (this.toldMs !== null && nowMs - this.toldMs < AGAIN_AFTER_MS)) return;
    this.toldMs = nowMs;
    this.mayStand = true;
    const why = error instanceof Error ? ('why' in error && typeof error.why === 'string' ? error.why : error.name) : typeof error;
    this.telling = this.telling.then(() => this.incidents.note({ kind: 'batch-retrying', subject: this.subject, why }));
  }

  over(): void {
    this.sinceMs = null;
    this.toldMs = null;
    if (!this.mayStand) return;
    this.mayStand = false;
    this.telling = this.telling.then(() => this.incidents.clear('batch-retrying', this.subject));
  }

  told(): Promise<void> {
    return this.telling;
  }
}
