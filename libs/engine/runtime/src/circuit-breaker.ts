const AWAY_FOR_MS = 1_000;

/**
 * Asks a server that is good to have but not needed: at most `waitMs`, and after `vainMax` waits in vain, one after
 * the other, not at all for a second, so that while it is away only a few pay for it.
 */
export class CircuitBreaker {
  private awayUntilMs = 0;

  private inVain = 0;

  constructor(
    private readonly waitMs: number,
    private readonly vainMax = 1,
  ) {}

  /** What `ask` answers; null when that fails or is not known in time. */
  async call<T>(ask: () => Promise<T>): Promise<T | null> {
    if (Date.now() < this.awayUntilMs) return null;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<typeof LATE>((resolve) => (timer = setTimeout(() => resolve(LATE), this.waitMs)));
    try {
      const answer = await Promise.race([ask(), tooLate]);
      if (answer !== LATE) {
        this.inVain = 0;
        return answer;
      }
    } catch {
      // falls through: away
    } finally {
      clearTimeout(timer);
    }
    this.inVain += 1;
    if (this.inVain >= this.vainMax) this.awayUntilMs = Date.now() + AWAY_FOR_MS;
    return null;
  }
}

const LATE = Symbol('late');
