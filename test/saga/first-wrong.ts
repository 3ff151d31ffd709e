/** The first seed after which something is wrong, and what; null when there is none. */
export const firstWrong = async (
  seeds: number,
  simulate: (seed: number) => Promise<readonly string[]>,
): Promise<{ readonly seed: number; readonly wrong: readonly string[] } | null> => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const wrong = await simulate(seed);
    if (wrong.length > 0) return { seed, wrong };
  }
  return null;
};
