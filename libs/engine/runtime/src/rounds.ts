/** What is done in rounds, and how. */
export interface RoundsParts {
  /** True: there may be more to do already. What it rejects with is told, and the next round comes. */
  readonly round: () => Promise<boolean | void>;
  /** Between two rounds, ms. */
  readonly everyMs: number;
  /** Told the name of what a round broke by. */
  readonly onBroken: (why: string) => void;
}

/** One round of work behind the other, for as long as the process lives. */
export class Rounds {
  private working: Promise<void> | null = null;
  private wake: () => void = () => undefined;
  /** Nothing more is to be begun. */
  isStopped = false;

  constructor(private readonly parts: RoundsParts) {}

  /** Begins; a second call does nothing. */
  start(): void {
    this.working ??= this.work();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.wake();
    await this.working;
  }

  private async work(): Promise<void> {
    const { round, everyMs, onBroken } = this.parts;
    while (!this.isStopped) {
      try {
        if ((await round()) === true) continue;
      } catch (error) {
        onBroken(error instanceof Error ? error.name : typeof error);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.isStopped ? 0 : everyMs);
        this.wake = () => (clearTimeout(timer), resolve());
      });
    }
  }
}
