interface Waiting<V> {
  readonly key: string;
  readonly resolve: (value: V | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Joins look-ups that come while one is under way into the next one: one round trip for all that wait, none is delayed. */
export class BatchedLookup<V> {
  private waiting: Waiting<V>[] = [];
  private underWay = false;

  constructor(private readonly lookUp: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>) {}

  find(key: string): Promise<V | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (!this.underWay) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.underWay = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      try {
        const found = await this.lookUp(batch.map(({ key }) => key));
        for (const { key, resolve } of batch) resolve(found.get(key) ?? null);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.underWay = false;
  }
}
