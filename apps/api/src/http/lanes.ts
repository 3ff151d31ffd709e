import type { Request, Response } from 'express';
import { Problem } from './problem';
import { whenGone } from './when-gone';

/** How many requests of a sort may be read at once. */
export interface LaneCounts {
  /** In this process. */
  readonly all: number;
  readonly each: number;
}

/** So many large requests at once per process, and fewer per actor, so that slow or greedy senders take neither the memory nor everybody's place. */
export class Lanes {
  private readonly under = new Map<string, number>();
  private all = 0;

  constructor(private readonly counts: LaneCounts) {}

  /** Null: it may come in, and holds its place until it is answered or gone. */
  enter(actorId: string, req: Request, res: Response): Problem | null {
    const own = this.under.get(actorId) ?? 0;
    if (own >= this.counts.each) return Problem.edge('too-many-requests', { headers: { 'Retry-After': '1' } });
    if (this.all >= this.counts.all) return Problem.edge('unavailable');
    this.under.set(actorId, own + 1);
    this.all += 1;
    whenGone(req, res, () => this.leave(actorId));
    return null;
  }

  private leave(actorId: string): void {
    const left = (this.under.get(actorId) ?? 1) - 1;
    if (left === 0) this.under.delete(actorId);
    else this.under.set(actorId, left);
    this.all -= 1;
  }
}
