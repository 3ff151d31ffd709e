import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { actorOf } from './authenticate';
import { Problem } from './problem';

/** A window that lets a burst pass: whoever was quiet may send this many seconds' worth at once. */
const WINDOW_S = 5;
const REFUSED_PER_MINUTE = 1_000;
/** Each leaves a row for ten minutes, and nobody has said who they are: behind a proxy, so many for all. */
const LOGINS_PER_MINUTE = 1_000;

/**
 * Limits by actor, per process: a busy service slows itself down and nobody else. `perSecond` is the lasting rate; 0 switches it off.
 * Who shows bad tokens is limited by address, so that guessing is slow; good tokens from there pass all the same.
 */
export class RateLimits {
  private readonly byActor: RateLimiterMemory | null;
  private readonly byAddress = new RateLimiterMemory({ keyPrefix: 'refused', points: REFUSED_PER_MINUTE, duration: 60 });
  private readonly logins = new RateLimiterMemory({ keyPrefix: 'login', points: LOGINS_PER_MINUTE, duration: 60 });

  constructor(perSecond: number) {
    this.byActor = perSecond === 0 ? null : new RateLimiterMemory({ keyPrefix: 'actor', points: perSecond * WINDOW_S, duration: WINDOW_S });
  }

  /** Behind authentication. */
  actors(): RequestHandler {
    const { byActor } = this;
    return byActor === null ? (_req, _res, next) => next() : limited(byActor, (req) => actorOf(req).id);
  }

  /** Before anybody has said who they are: by address. */
  beforeLogin(): RequestHandler {
    return limited(this.logins, addressOf);
  }

  /** The problem instead of `unauthenticated` for an address that has shown too many bad tokens; null below that. */
  async refused(req: Request): Promise<Problem | null> {
    try {
      await this.byAddress.consume(addressOf(req));
      return null;
    } catch (why) {
      if (why instanceof RateLimiterRes) return tooMany(why);
      throw why;
    }
  }
}

const addressOf = (req: Request): string => req.socket.remoteAddress ?? 'unknown';

const limited =
  (limiter: RateLimiterMemory, keyOf: (req: Request) => string): RequestHandler =>
  (req: Request, _res: Response, next: NextFunction): void =>
    void limiter.consume(keyOf(req)).then(
      () => next(),
      (why: unknown) => next(why instanceof RateLimiterRes ? tooMany(why) : why),
    );

const tooMany = ({ msBeforeNext }: RateLimiterRes): Problem =>
  Problem.edge('too-many-requests', { headers: { 'Retry-After': String(Math.max(1, Math.ceil(msBeforeNext / 1_000))) } });
