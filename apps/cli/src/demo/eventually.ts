const LOOK_EVERY_MS = 100;
const BOUND_MS = 60_000;

/** What `look` gives once it is no longer null; a rehearsal that waits in vain for a minute stops with `what` did not come. */
export const eventually = async <T>(what: string, look: () => Promise<T | null>): Promise<T> => {
  for (const untilMs = performance.now() + BOUND_MS; ;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (performance.now() > untilMs) throw new Error(`the story stops: ${what} did not come within ${BOUND_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
};
