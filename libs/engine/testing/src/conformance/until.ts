import { AssertionError } from 'node:assert/strict';

const POLL_MS = 20;

/** Waits until `look` answers true. Throws `AssertionError` with `what` after `boundMs`. */
export const until = async (what: string, look: () => boolean | Promise<boolean>, boundMs: number): Promise<void> => {
  const untilMs = Date.now() + boundMs;
  while (!(await look())) {
    if (Date.now() > untilMs) throw new AssertionError({ message: `not within ${boundMs} ms: ${what}` });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};
