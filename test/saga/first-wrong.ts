/** The first seed from `from` on after which something is wrong, and what; null when there is none. */
export const firstWrong = async (
  seeds: number,
  simulate: (seed: number) => Promise<readonly string[]>,
  from = 1,
): Promise<{ readonly seed: number; readonly wrong: readonly string[] } | null> => {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const wrong = await simulate(seed);
    if (wrong.length > 0) return { seed, wrong };
  }
  return null;
};
