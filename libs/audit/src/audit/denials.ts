import type { Actor } from '@qiyue/engine';
import type { AuditFact } from './facts';
import type { Journal } from './journal';
import { currentSource, type Source } from './source';

/** What may come by the thousand from somebody who only wants to be turned away. */
export type Denial = Extract<AuditFact, { readonly type: 'CommandRefused' | 'AccessDenied' | 'TokensRefused' | 'LoginFailed' }>;

export interface DenialPace {
  /** So many of one actor are records of their own (0: none) … */
  readonly each: number;
  /** … within this time; further ones are counted. */
  readonly perMs: number;
  /** Sums are recorded so long after the first that is in them. */
  readonly sumMs: number;
  /** So many different sums wait at once; what is none of them is counted as one more. */
  readonly sums: number;
}

const PACE: DenialPace = { each: 20, perMs: 60_000, sumMs: 5_000, sums: 1_000 };
/** For what nobody in particular has done. */
export const SUMS_ONLY: DenialPace = { each: 0, perMs: 0, sumMs: 5_000, sums: 100 };
const ACTORS_MAX = 10_000;

interface Sum {
  readonly actor: Actor;
  readonly fact: Denial;
  readonly from: Source | null;
  times: number;
}

/**
 * Records who was refused what: the first ones each for itself, then sums of those that are alike, so that whoever is turned away five
 * hundred times a second fills no ledger. Alike are those of one actor, from one source, for one thing and one reason; the sum holds
 * the first of them.
 */
export class Denials {
  private readonly sums = new Map<string, Sum>();
  private readonly recent = new Map<string, { count: number; untilMs: number }>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly journal: Pick<Journal, 'record'>,
    private readonly pace: DenialPace = PACE,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Resolves when it is kept or counted. Never rejects. */
  add(actor: Actor, fact: Denial, from: Source | null = currentSource()): Promise<void> {
    if (!this.isMany(actor.id)) return this.journal.record(actor, fact, from);
    this.count(actor, fact, from);
    return Promise.resolve();
  }

  /** Records what was counted: also before the journal is closed. */
  tell(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const { actor, fact, from, times } of this.sums.values()) void this.journal.record(actor, timed(fact, times), from);
    this.sums.clear();
  }

  private count(actor: Actor, fact: Denial, from: Source | null): void {
    const named = keyOf(actor, fact, from);
    const key = this.sums.has(named) || this.sums.size < this.pace.sums ? named : OTHERS;
    const known = this.sums.get(key);
    if (known === undefined) this.sums.set(key, { actor, fact, from, times: timesOf(fact) });
    else known.times += timesOf(fact);
    this.timer ??= setTimeout(() => this.tell(), this.pace.sumMs);
    this.timer.unref();
  }

  /** Whether this one has used up its records of their own. */
  private isMany(actorId: string): boolean {
    if (this.pace.each === 0) return true;
    const nowMs = this.nowMs();
    const known = this.recent.get(actorId);
    if (known !== undefined && known.untilMs > nowMs) return (known.count += 1) > this.pace.each;
    if (this.recent.size >= ACTORS_MAX) this.recent.clear();
    this.recent.set(actorId, { count: 1, untilMs: nowMs + this.pace.perMs });
    return false;
  }
}

const OTHERS = 'others';

/** Of a message each has a place of its own, which makes no two of them different. */
const wherefrom = (from: Source | null): string => (from === null || from.way === 'kafka' ? '' : (from.address ?? ''));

const keyOf = (actor: Actor, { type, data }: Denial, from: Source | null): string =>
  JSON.stringify([
    actor.id,
    actor.role,
    actor.unit,
    from?.way,
    wherefrom(from),
    type,
    Object.entries({ ...data, times: 0 }).filter(([name]) => !name.endsWith('Id')),
  ]);

const timesOf = ({ data }: Denial): number => data.times ?? 1;

const timed = (fact: Denial, times: number): AuditFact => ({ ...fact, data: { ...fact.data, times } }) as AuditFact;
