export interface LineBounds {
  /** Of all, and of one key, at once. */
  readonly all: number;
  readonly perKey: number;
  /** Of one key, waiting for that. */
  readonly waitingPerKey: number;
}

interface Ticket {
  readonly key: string;
  readonly start: () => void;
  state: 'waiting' | 'running' | 'over';
}

/**
 * Lets so many at once through, fewer of each key, the others in order of arrival: whoever asks for much waits for themselves, and
 * others pass those that wait for a place of their own key.
 */
export class FairLine {
  private running = 0;
  private readonly perKey = new Map<string, number>();
  private waiting: Ticket[] = [];

  constructor(private readonly bounds: LineBounds) {}

  /** Calls `start` when there is a place, at once if there is. Answers what gives it back, or the wait up; null when too many of the key wait. */
  enter(key: string, start: () => void): (() => void) | null {
    if (this.waiting.filter((other) => other.key === key).length >= this.bounds.waitingPerKey) return null;
    const ticket: Ticket = { key, start, state: 'waiting' };
    this.waiting.push(ticket);
    this.fill();
    return () => this.leave(ticket);
  }

  private fill(): void {
    while (this.running < this.bounds.all) {
      const next = this.waiting.find(({ key }) => this.of(key) < this.bounds.perKey);
      if (next === undefined) return;
      this.waiting = this.waiting.filter((other) => other !== next);
      this.running += 1;
      this.perKey.set(next.key, this.of(next.key) + 1);
      next.state = 'running';
      next.start();
    }
  }

  private leave(ticket: Ticket): void {
    const { key, state } = ticket;
    ticket.state = 'over';
    if (state === 'over') return;
    if (state === 'waiting') {
      this.waiting = this.waiting.filter((other) => other !== ticket);
      return;
    }
    const left = this.of(key) - 1;
    if (left > 0) this.perKey.set(key, left);
    else this.perKey.delete(key);
    this.running -= 1;
    this.fill();
  }

  private of(key: string): number {
    return this.perKey.get(key) ?? 0;
  }
}
