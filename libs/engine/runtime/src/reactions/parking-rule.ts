/** How many times longer a command waits when nothing else gets through either: it is then hardly its entity. */
const ALONE_FACTOR = 3;
const ASK_WITHIN_MS = 3_000;

/** Decides when a command has been without an outcome for long enough. Only Temporal itself is waited for. */
export class ParkingRule {
  private lastOutcomeMs = 0;

  constructor(
    private readonly parkAfterMs: number,
    /** Resolves while Temporal answers. */
    private readonly askTemporal: () => Promise<unknown>,
  ) {}

  /** Some command got its outcome: whoever gets none meanwhile has a trouble of its own. */
  noteOutcome(): void {
    this.lastOutcomeMs = Date.now();
  }

  /** `answer`: what the last attempt gave. */
  async isDue(answer: string, sinceMs: number): Promise<boolean> {
    const waitedMs = Date.now() - sinceMs;
    if (waitedMs < this.parkAfterMs) return false;
    if (answer !== 'unknown' || this.lastOutcomeMs > sinceMs) return true;
    return waitedMs >= ALONE_FACTOR * this.parkAfterMs && (await this.temporalAnswers());
  }

  private async temporalAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ASK_WITHIN_MS)));
    const answered = this.askTemporal().then(
      () => true,
      () => false,
    );
    const does = await Promise.race([answered, late]);
    clearTimeout(timer);
    return does;
  }
}
