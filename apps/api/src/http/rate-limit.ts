import { networkOf } from '@qiyue/audit';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { actorOf } from './authenticate';
import { FairLine } from './fair-line';
import { Problem } from './problem';
import { costsBy, REFUSED_POINTS } from './request-cost';
import type { AggregateRoutes } from './aggregate-routes';
import { addressOf } from './source';
import { whenGone } from './when-gone';

/** A window that lets a burst pass: whoever was quiet may send this many seconds' worth at once. */
const WINDOW_S = 5;
const REFUSED_PER_MINUTE = 1_000;
/** Of pages and calendars that need no token. */
const GUEST_PER_MINUTE = 600;
const HEAVY = { all: 8, perKey: 2, waitingPerKey: 200 };
/** Questions to the identity provider. */
const LOGINS = { all: 16, perKey: 4, waitingPerKey: 200 };
const REFUSED: ReadonlySet<number> = new Set([403, 409]);

/**
 * Limits by actor, per process: a busy service slows itself down and nobody else. `perSecond` is the lasting rate in ordinary requests; 0 switches
 * it off. What costs more counts for more, and of what looks at all entities one actor has two at once; the others wait in line.
 * Who shows bad tokens is limited by address, so that guessing is slow; good tokens from there pass all the same. Logins are begun without
 * leaving anything here, and come back in line, so that no number of them keeps anybody else out.
 */
export class RateLimits {
  private readonly byActor: RateLimiterMemory | null;
  private readonly pointsMax: number;
  private readonly byAddress = new RateLimiterMemory({ keyPrefix: 'refused', points: REFUSED_PER_MINUTE, duration: 60 });
  private readonly guestsByAddress = new RateLimiterMemory({ keyPrefix: 'guest', points: GUEST_PER_MINUTE, duration: 60 });
  private readonly heavy = new FairLine(HEAVY);
  private readonly returning = new FairLine(LOGINS);

  private readonly costOf: ReturnType<typeof costsBy>;

  constructor(perSecond: number, routes: AggregateRoutes) {
    this.costOf = costsBy(routes);
    this.pointsMax = perSecond * WINDOW_S;
    this.byActor = perSecond === 0 ? null : new RateLimiterMemory({ keyPrefix: 'actor', points: this.pointsMax, duration: WINDOW_S });
  }

  /** Behind authentication. */
  actors(): RequestHandler {
    return (req: Request, res: Response, next: NextFunction): void => {
      const { points, isHeavy } = this.costOf(req);
      const { id } = actorOf(req);
      void this.consume(id, points).then(
        () => {
          this.chargeRefusal(req, res, id);
          if (isHeavy) inLine(this.heavy, id, req, res, next);
          else next();
        },
        (why: unknown) => next(why instanceof RateLimiterRes ? tooMany(why) : why),
      );
    };
  }

  /** The problem instead of `unauthenticated` for an address that has shown too many bad tokens; null below that. */
  async refused(req: Request): Promise<Problem | null> {
    return orTooMany(this.byAddress.consume(keyOf(req)));
  }

  /** Of whoever shows no token and needs none, by address: secrets are not to be guessed. */
  guests(): RequestHandler {
    return (req: Request, _res: Response, next: NextFunction): void => {
      void orTooMany(this.guestsByAddress.consume(keyOf(req))).then((instead) => next(instead ?? undefined), next);
    };
  }

  /** Of secret calendars, each of which looks at all entities of an owner: in the line of what costs as much, by the address of the calendar. */
  calendars(): RequestHandler {
    return (req: Request, res: Response, next: NextFunction) => inLine(this.heavy, `calendar ${req.path}`, req, res, next);
  }

  /** Before the answer of the identity provider is looked at. */
  logins(): RequestHandler {
    return (req: Request, res: Response, next: NextFunction) => inLine(this.returning, keyOf(req), req, res, next);
  }

  private async consume(id: string, points: number): Promise<void> {
    await this.byActor?.consume(id, Math.min(points, this.pointsMax));
  }

  /** A command that is refused was not for nothing. */
  private chargeRefusal(req: Request, res: Response, id: string): void {
    if (this.byActor === null || req.method !== 'POST') return;
    whenGone(req, res, () => {
      if (REFUSED.has(res.statusCode)) void this.byActor?.penalty(id, Math.min(REFUSED_POINTS, this.pointsMax));
    });
  }
}

/** `next` is called when it is this one's turn. Whoever has gone meanwhile gives the place back, or the wait up. */
const inLine = (line: FairLine, key: string, req: Request, res: Response, next: NextFunction): void => {
  const leave = line.enter(key, () => next());
  if (leave === null) return next(Problem.edge('too-many-requests', { headers: { 'Retry-After': '1' } }));
  whenGone(req, res, leave);
};

const keyOf = (req: Request): string => networkOf(addressOf(req) ?? 'unknown');

const orTooMany = async (consumed: Promise<unknown>): Promise<Problem | null> => {
  try {
    await consumed;
    return null;
  } catch (why) {
    if (why instanceof RateLimiterRes) return tooMany(why);
    throw why;
  }
};

const tooMany = ({ msBeforeNext }: RateLimiterRes): Problem =>
  Problem.edge('too-many-requests', { headers: { 'Retry-After': String(Math.max(1, Math.ceil(msBeforeNext / 1_000))) } });
