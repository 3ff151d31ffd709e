import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, StackError } from './stack-error';

export interface Bound {
  readonly boundMs: number;
  readonly everyMs?: number;
  /** Ends the sentence "waited 60 s for …". */
  readonly what: string;
}

type Truthy<T> = Exclude<T, false | null | undefined | '' | 0>;
const isTruthy = <T>(value: T): value is Truthy<T> & T => Boolean(value);

/** Asks `probe` until it gives something truthy. A throw counts as "not yet" and is quoted when the bound is over. */
export const until = async <T>(probe: () => Promise<T> | T, { boundMs, everyMs = 100, what }: Bound): Promise<Truthy<T>> => {
  const endsAtMs = Date.now() + boundMs;
  let last = '';
  for (;;) {
    try {
      const found = await probe();
      if (isTruthy(found)) return found;
      last = '';
    } catch (error) {
      if (error instanceof GivenUp) throw error;
      last = `: ${messageOf(error)}`;
    }
    if (Date.now() >= endsAtMs) throw new StackError(`waited ${Math.round(boundMs / 1000)} s for ${what}, in vain${last}`);
    await delay(everyMs);
  }
};

/** Thrown by a probe to say that waiting longer is pointless. */
export class GivenUp extends StackError {}

/** The promise's value, or `fallback` when it takes longer than `boundMs`. Never leaves a timer behind. */
export const within = async <T, F>(boundMs: number, promise: Promise<T>, fallback: F): Promise<T | F> => {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, delay(boundMs, fallback, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
};
