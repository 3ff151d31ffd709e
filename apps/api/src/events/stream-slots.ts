import type { Request, Response } from 'express';
import { whenGone } from '../http/when-gone';

const TIMER_MS_MAX = 2 ** 31 - 1;

/** One of the places that a process has for readers of its events. */
export interface StreamSlot {
  /** Aborted when the reader has gone, its token has ended, or the process stops. */
  readonly gone: AbortSignal;
  /** Gives the place back; again is no harm. */
  readonly release: () => void;
}

/**
 * The places for event streams. Contract: a place is counted in the same turn in which everything that gives it back is listened for, so
 * that no end can come between; it is given back at the first of: the reader goes, the token ends, `release`, `releaseAll`.
 */
export class StreamSlots {
  private readonly taken = new Set<AbortController>();

  constructor(
    private readonly max: number,
    private readonly onChange: (taken: number) => void,
  ) {}

  /** Null when all are taken. `endsAtMs`: of the token, ms since 1970. */
  take(req: Request, res: Response, endsAtMs: number): StreamSlot | null {
    if (this.taken.size >= this.max) return null;
    const gone = new AbortController();
    const release = (): void => gone.abort();
    this.taken.add(gone);
    this.onChange(this.taken.size);
    const ending = setTimeout(release, Math.min(TIMER_MS_MAX, Math.max(0, endsAtMs - Date.now())));
    gone.signal.addEventListener('abort', () => {
      clearTimeout(ending);
      this.taken.delete(gone);
      this.onChange(this.taken.size);
    });
    whenGone(req, res, release);
    return { gone: gone.signal, release };
  }

  releaseAll(): void {
    for (const gone of [...this.taken]) gone.abort();
  }
}
