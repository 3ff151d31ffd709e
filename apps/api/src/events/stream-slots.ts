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

export interface StreamBounds {
  readonly all: number;
  /** Of one actor, so that nobody takes everybody's places. */
  readonly perActor: number;
}

/** Whose stream it is, and when their token ends, ms since 1970. */
export interface StreamReader {
  readonly actorId: string;
  readonly endsAtMs: number;
}

/**
 * The places for event streams. Contract: a place is counted in the same turn in which everything that gives it back is listened for, so
 * that no end can come between; it is given back at the first of: the reader goes, the token ends, `release`, `releaseAll`.
 */
export class StreamSlots {
  private readonly taken = new Set<AbortController>();
  private readonly perActor = new Map<string, number>();

  constructor(
    private readonly bounds: StreamBounds,
    private readonly onChange: (taken: number) => void,
  ) {}

  /** `full`: all are taken; `own`: as many as one actor may have. */
  take(req: Request, res: Response, { actorId, endsAtMs }: StreamReader): StreamSlot | 'full' | 'own' {
    if (this.of(actorId) >= this.bounds.perActor) return 'own';
    if (this.taken.size >= this.bounds.all) return 'full';
    const gone = new AbortController();
    const release = (): void => gone.abort();
    this.count(gone, actorId);
    const ending = setTimeout(release, Math.min(TIMER_MS_MAX, Math.max(0, endsAtMs - Date.now())));
    gone.signal.addEventListener('abort', () => {
      clearTimeout(ending);
      this.forget(gone, actorId);
    });
    whenGone(req, res, release);
    return { gone: gone.signal, release };
  }

  releaseAll(): void {
    for (const gone of [...this.taken]) gone.abort();
  }

  private of(actorId: string): number {
    return this.perActor.get(actorId) ?? 0;
  }

  private count(gone: AbortController, actorId: string): void {
    this.taken.add(gone);
    this.perActor.set(actorId, this.of(actorId) + 1);
    this.onChange(this.taken.size);
  }

  private forget(gone: AbortController, actorId: string): void {
    if (!this.taken.delete(gone)) return;
    const left = this.of(actorId) - 1;
    if (left > 0) this.perActor.set(actorId, left);
    else this.perActor.delete(actorId);
    this.onChange(this.taken.size);
  }
}
