import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { TokenVerifier } from '@qiyue/adapters';
import type { Actor } from '@qiyue/engine';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Problem } from './problem';

const actors = new WeakMap<Request, Actor>();

/** Before the body is read: who shows no good token gets no further. */
export const authenticate =
  (tokens: Pick<TokenVerifier, 'verify'>, onRefused: (why: string, req: Request) => Promise<Problem | null>): RequestHandler =>
  async (req: Request, _res: Response, next: NextFunction): Promise<void> => {
    try {
      const verified = await tokens.verify(req.headers.authorization);
      if (verified.ok) {
        actors.set(req, verified.actor);
        return next();
      }
      const instead = await onRefused(verified.why, req);
      if (instead !== null) return next(instead);
      const error = verified.why === 'missing' ? '' : ', error="invalid_token"';
      next(Problem.edge('unauthenticated', { headers: { 'WWW-Authenticate': `Bearer realm="qiyue"${error}` } }));
    } catch {
      next(Problem.edge('unavailable')); // the keys could not be fetched
    }
  };

/** The actor that the request's token names. */
export const actorOf = (req: Request): Actor => {
  const actor = actors.get(req);
  if (actor === undefined) throw new Error('route without authentication');
  return actor;
};

export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) => actorOf(context.switchToHttp().getRequest<Request>()));

/** When the request's verified token ends, ms since 1970: a stream may not outlive it. */
export const tokenEndsAtMs = (req: Request): number => {
  const payload = req.headers.authorization?.split('.')[1] ?? '';
  const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { readonly exp: number };
  return exp * 1000;
};
