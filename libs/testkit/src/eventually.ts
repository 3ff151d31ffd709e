const POLL_MS = 25;

/** Waits for a condition instead of sleeping: polls until `look` gives a value that is neither null, undefined nor false, and throws with `what` after `boundMs`. */
export const eventually = async <T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  boundMs = 30_000,
): Promise<T> => {
  const untilMs = Date.now() + boundMs;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== null && seen !== undefined && seen !== false) return seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > untilMs) throw new Error(`not within ${boundMs} ms: ${what}${last instanceof Error ? ` (${last.message})` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};
