/** A seeded stream of random numbers. */
export class Dice {
  constructor(private seed: number) {}

  next(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Whole, from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.between(0, from.length - 1)] as T;
  }
}

/** Whatever is at work waits here before each of its steps, and the dice say who is next: one seed is one order of all that happens. */
export class Turns {
  private waiting: (() => void)[] = [];
  private sleeping: { readonly until: number; readonly wake: () => void }[] = [];
  now = 0;

  constructor(private readonly dice: Dice) {}

  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** So many turns of the others; fewer when nobody else is at work. */
  sleep(turns: number): Promise<void> {
    return new Promise((wake) => this.sleeping.push({ until: this.now + turns, wake }));
  }

  /** Until nobody waits any more; false when that is not so after `max` turns. */
  async run(max: number, before: (now: number) => void): Promise<boolean> {
    for (const end = this.now + max; this.now < end; this.now += 1) {
      await settled();
      if (this.waiting.length === 0) this.now = Math.max(this.now, this.nextWaking);
      this.wakeSleepers();
      if (this.waiting.length === 0) return true;
      before(this.now);
      const [next] = this.waiting.splice(this.dice.between(0, this.waiting.length - 1), 1);
      next?.();
    }
    return false;
  }

  private get nextWaking(): number {
    return this.sleeping.length === 0 ? this.now : Math.min(...this.sleeping.map(({ until }) => until));
  }

  private wakeSleepers(): void {
    const due = this.sleeping.filter(({ until }) => until <= this.now);
    if (due.length === 0) return;
    this.sleeping = this.sleeping.filter(({ until }) => until > this.now);
    this.waiting.push(...due.map(({ wake }) => wake));
  }
}

/** Behind everything that needs no turn. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
