/** Times of single operations and of the whole, in ms. */
export interface Measured {
  readonly count: number;
  readonly wallMs: number;
  readonly latenciesMs: readonly number[];
}

/** One line of the report; names and fields are the stable ones of `qiyue bench --json`. What does not apply is null. */
export interface BenchResult {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly bound: number | null;
  readonly ratio: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly boundP50Ms: number | null;
  readonly boundP99Ms: number | null;
}

export const nowMs = (): number => performance.now();

/** Does one worker's commands after another, all workers at once, and notes how long each took. */
export const timed = async (workers: number, each: number, work: (worker: number, turn: number) => Promise<void>): Promise<Measured> => {
  const latenciesMs: number[] = [];
  const startMs = nowMs();
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let turn = 0; turn < each; turn += 1) {
        const beganMs = nowMs();
        await work(worker, turn);
        latenciesMs.push(nowMs() - beganMs);
      }
    }),
  );
  return { count: workers * each, wallMs: nowMs() - startMs, latenciesMs };
};

/** Rounds of the same measurement as one. */
export const together = (rounds: readonly Measured[]): Measured => ({
  count: rounds.reduce((sum, { count }) => sum + count, 0),
  wallMs: rounds.reduce((sum, { wallMs }) => sum + wallMs, 0),
  latenciesMs: rounds.flatMap(({ latenciesMs }) => latenciesMs),
});

export const perSecond = ({ count, wallMs }: Measured): number => (count / wallMs) * 1_000;

export const percentile = (latenciesMs: readonly number[], share: number): number | null => {
  if (latenciesMs.length === 0) return null;
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
};

export const compare = (name: string, unit: string, ours: Measured, bound: Measured | null): BenchResult => ({
  name,
  unit,
  ours: round(perSecond(ours)),
  bound: bound && round(perSecond(bound)),
  ratio: bound && round(perSecond(ours) / perSecond(bound), 3),
  p50Ms: rounded(percentile(ours.latenciesMs, 0.5)),
  p99Ms: rounded(percentile(ours.latenciesMs, 0.99)),
  boundP50Ms: bound && rounded(percentile(bound.latenciesMs, 0.5)),
  boundP99Ms: bound && rounded(percentile(bound.latenciesMs, 0.99)),
});

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const rounded = (value: number | null): number | null => value && round(value);
