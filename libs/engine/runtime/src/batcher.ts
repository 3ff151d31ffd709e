interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (answer: O) => void;
  readonly reject: (error: unknown) => void;
}

/** Joins what comes while work is under way into the next piece of work: one round trip for all that wait, none is delayed. */
export class Batcher<I, O> {
  private waiting: Waiting<I, O>[] = [];
  private underWay = false;

  /** `work` answers as many as it was given, in their order; when it fails, all of them fail. */
  constructor(private readonly work: (items: readonly I[]) => Promise<readonly O[]>) {}

  add(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.underWay) void this.workOff();
    });
  }

  private async workOff(): Promise<void> {
    this.underWay = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      try {
        const answers = await this.work(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, i) => resolve(answers[i] as O));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.underWay = false;
  }
}
