import type { EngineBench } from '@qiyue/testkit';
import { nowMs, percentile, type BenchResult } from './measure';
import { must, needInWorks, progress } from './needs';
import { HOPS, VisibleHops } from './visible-hops';

/** What comes at once, to see how much gets through. */
export interface Burst {
  readonly name: string;
  /** Of each of ten needs, one behind the other. */
  readonly each: number;
}

/** How many commands a second come to the read model while each of ten needs is sent its next one once the last is answered. */
export const throughBench = async (bench: EngineBench, brokers: readonly string[], { name, each }: Burst): Promise<BenchResult> =>
  withHops(bench, brokers, async (hops, needs) => {
    const gateway = bench.gateway();
    const startMs = nowMs();
    await Promise.all(
      needs.map(async (entity) => {
        let last = 0;
        for (let i = 0; i < each; i += 1) last = (await must(gateway, progress(entity))).seq;
        await hops.untilWritten({ entity, seq: last });
      }),
    );
    return lineOf(name, digits(((needs.length * each) / (nowMs() - startMs)) * 1_000) ?? 0, []);
  });

export interface Load {
  /** Of the line of figures. */
  readonly name: string;
  readonly commandsPerSecond: number;
  readonly seconds: number;
}

/**
 * (c) From the answer to a command until its effect is in the read model, at a steady rate over ten needs; then where that time goes, place by place. Relay and
 * projections run as processes of their own, as in production.
 */
export const visibleBench = async (
  bench: EngineBench,
  brokers: readonly string[],
  { name, commandsPerSecond, seconds }: Load,
): Promise<readonly BenchResult[]> =>
  withHops(bench, brokers, async (hops, needs) => {
    const gateway = bench.gateway();
    const total = Math.floor(commandsPerSecond * seconds);
    const waits: Promise<void>[] = [];
    const startMs = nowMs();
    for (let i = 0; i < total; i += 1) {
      await pause(Math.max(0, startMs + (i * 1_000) / commandsPerSecond - nowMs()));
      const entity = needs[i % needs.length] ?? '';
      waits.push(
        must(gateway, progress(entity)).then(async ({ seq, appended }) => {
          hops.note('answered', { entity, seq });
          void appended.then(() => hops.note('appended', { entity, seq }));
          await hops.untilWritten({ entity, seq });
        }),
      );
    }
    await Promise.all(waits);
    const rate = digits((total / (nowMs() - startMs)) * 1_000) ?? 0;
    return [
      lineOf(name, rate, hops.between('answered', 'written')),
      ...HOPS.slice(1).map((hop, i) => lineOf(`${name}..${hop}`, rate, hops.between(HOPS[i] ?? 'answered', hop))),
    ];
  });

/** Ten needs, and whoever reads them follows. */
const withHops = async <T>(
  bench: EngineBench,
  brokers: readonly string[],
  work: (hops: VisibleHops, needs: readonly string[]) => Promise<T>,
): Promise<T> => {
  const gateway = bench.gateway();
  const needs = await Promise.all(Array.from({ length: 10 }, () => needInWorks(gateway)));
  const hops = new VisibleHops(bench.store, needs);
  await hops.start(brokers);
  try {
    await Promise.all(needs.map((entity) => hops.untilWritten({ entity, seq: 1 })));
    return await work(hops, needs);
  } finally {
    await hops.stop();
  }
};

const lineOf = (name: string, ours: number, latencies: readonly number[]): BenchResult => ({
  ...{ name, unit: 'commands/s', ours, bound: null, ratio: null, boundP50Ms: null, boundP99Ms: null },
  p50Ms: digits(percentile(latencies, 0.5)),
  p99Ms: digits(percentile(latencies, 0.99)),
});

const digits = (value: number | null): number | null => value && Number(value.toFixed(1));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
