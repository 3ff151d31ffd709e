import { PROCESS_ACTOR } from './facts';
import type { Journal } from './journal';

const WITHIN_MS = 5_000;

/** Counts requests without a good token and records them in sums, so that whoever knocks a thousand times fills no ledger. */
export class RefusedTokens {
  private readonly counts = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly journal: Pick<Journal, 'record'>) {}

  add(why: string): void {
    this.counts.set(why, (this.counts.get(why) ?? 0) + 1);
    this.timer ??= setTimeout(() => this.tell(), WITHIN_MS);
    this.timer.unref();
  }

  tell(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const [why, times] of this.counts) void this.journal.record(PROCESS_ACTOR, { type: 'TokensRefused', data: { why, times } });
    this.counts.clear();
  }
}
