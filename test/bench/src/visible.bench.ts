import { ActiveModel, type LedgerStore } from '@qiyue/engine-runtime';
import { needsModel } from '@qiyue/need';
import type { EngineBench } from '@qiyue/testkit';
import { nowMs, percentile, type BenchResult } from './measure';
import { must, needInWorks, progress } from './needs';

const LOOK_EVERY_MS = 10;
const BOUND_MS = 30_000;

/**
 * (c) From the answer to a command until its effect is in the read model, at a steady rate that is half of what ten needs
 * gave. Relay and projections run as processes of their own, as in production.
 */
export const visibleBench = async (bench: EngineBench, commandsPerSecond: number, seconds: number): Promise<BenchResult> => {
  const gateway = bench.gateway();
  const needs = await Promise.all(Array.from({ length: 10 }, () => needInWorks(gateway)));
  const eyes = new Eyes(bench.store, needs);
  await Promise.all(needs.map((need) => eyes.untilSeen(need, 1))); // the readers have joined and follow
  const waits: Promise<number>[] = [];
  const total = Math.floor(commandsPerSecond * seconds);
  const startMs = nowMs();
  for (let i = 0; i < total; i += 1) {
    const dueMs = startMs + (i * 1_000) / commandsPerSecond;
    await pause(Math.max(0, dueMs - nowMs()));
    waits.push(must(gateway, progress(needs[i % needs.length] ?? '')).then(({ seq }) => eyes.untilSeen(needs[i % needs.length] ?? '', seq)));
  }
  const latencies = await Promise.all(waits);
  const wallMs = nowMs() - startMs;
  const digits = (value: number | null): number | null => value && Number(value.toFixed(1));
  return {
    name: 'visible',
    unit: 'commands/s',
    ours: Number(((total / wallMs) * 1_000).toFixed(1)),
    bound: null,
    ratio: null,
    p50Ms: digits(percentile(latencies, 0.5)),
    p99Ms: digits(percentile(latencies, 0.99)),
    boundP50Ms: null,
    boundP99Ms: null,
  };
};

interface Waiting {
  readonly need: string;
  readonly seq: number;
  readonly sinceMs: number;
  readonly resolve: (waitedMs: number) => void;
}

/** One look at all needs every few ms, so that the looking is no load of its own. */
class Eyes {
  private waiting: Waiting[] = [];
  private looking = false;

  constructor(
    private readonly store: LedgerStore,
    private readonly needs: readonly string[],
  ) {}

  /** How long after now the read model had `seq`, ms. */
  untilSeen(need: string, seq: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ need, seq, sinceMs: nowMs(), resolve });
      if (!this.looking) this.look().catch(reject);
    });
  }

  private async look(): Promise<void> {
    this.looking = true;
    const model = await new ActiveModel(this.store.db, needsModel).collection();
    while (this.waiting.length > 0) {
      const rows = await model.find({ _id: { $in: [...this.needs] } }, { projection: { seq: 1 } }).toArray();
      const seen = new Map(rows.map(({ _id, seq }) => [_id, seq]));
      for (const { need, seq, sinceMs, resolve } of this.waiting) if ((seen.get(need) ?? 0) >= seq) resolve(nowMs() - sinceMs);
      this.waiting = this.waiting.filter(({ need, seq }) => (seen.get(need) ?? 0) < seq);
      if (this.waiting.some(({ sinceMs }) => nowMs() - sinceMs > BOUND_MS)) throw new Error('bench: not visible in time');
      await pause(LOOK_EVERY_MS);
    }
    this.looking = false;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
