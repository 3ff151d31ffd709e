import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { scopeFor, type Credentials, type Duty, type SessionStore, type Verified } from '@qiyue/edge';
import type { Actor } from '@qiyue/engine';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { cookieOf, SESSION_COOKIE } from '../login/cookies';
import { noteScopes } from './credential';
import { Problem } from './problem';

type Shown = Extract<Verified, { readonly ok: true }>;
const shown = new WeakMap<Request, Shown>();
const again = new WeakMap<Request, () => Promise<Verified | 'forged'>>();

/** Before the body is read: who shows no good token gets no further. */
export const authenticate =
  (
    tokens: Pick<Credentials, 'verify'>,
    sessions: Pick<SessionStore, 'verify'>,
    onRefused: (why: string, req: Request) => Promise<Problem | null>,
  ): RequestHandler =>
  async (req: Request, _res: Response, next: NextFunction): Promise<void> => {
    try {
      const verified = await verify(req, tokens, sessions);
      if (verified === 'forged') return next((await onRefused('csrf', req)) ?? Problem.edge('csrf'));
      if (verified.ok) {
        shown.set(req, verified);
        noteScopes(verified.actor, verified.scopes);
        again.set(req, () => verify(req, tokens, sessions));
        return next();
      }
      const instead = await onRefused(verified.why, req);
      if (instead !== null) return next(instead);
      if (verified.why === 'second-factor') return next(Problem.edge('second-factor', { headers: { 'WWW-Authenticate': STEP_UP } }));
      const error = verified.why === 'missing' ? '' : ', error="invalid_token"';
      next(Problem.edge('unauthenticated', { headers: { 'WWW-Authenticate': `Bearer realm="qiyue"${error}` } }));
    } catch {
      next(Problem.edge('unavailable')); // the keys could not be fetched
    }
  };

/** RFC 9470: a token that is good, of a login that was not. */
const STEP_UP = 'Bearer realm="qiyue", error="insufficient_user_authentication"';

/** Behind limits and records, so that whoever asks for what their key is not for counts like anybody else. */
export const withinScope = (): RequestHandler => (req: Request, _res: Response, next: NextFunction) => {
  const { scopes } = shownWith(req);
  const isInScope = scopes === null || scopes.includes(scopeFor(req.method, `${req.baseUrl}${req.path}`));
  next(isInScope ? undefined : Problem.refused({ code: 'not-permitted' }));
};

/** Whether what the request has shown is still worth something: not revoked, not logged out. What cannot be looked at now still is. */
export const isStillGood = async (req: Request): Promise<boolean> => {
  const verified = await again
    .get(req)?.()
    .catch(() => null);
  return verified === null || verified === undefined || (verified !== 'forged' && verified.ok);
};

/** A token or a key in the header counts; without any, the session of a browser. */
const verify = (req: Request, tokens: Pick<Credentials, 'verify'>, sessions: Pick<SessionStore, 'verify'>): Promise<Verified | 'forged'> => {
  const { authorization, 'x-qiyue-csrf': csrf } = req.headers;
  const id = authorization === undefined ? cookieOf(req, SESSION_COOKIE) : null;
  if (id === null) return tokens.verify(authorization);
  return sessions.verify(id, typeof csrf === 'string' ? csrf : undefined, !READING.has(req.method));
};

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const shownWith = (req: Request): Shown => {
  const verified = shown.get(req);
  if (verified === undefined) throw new Error('route without authentication');
  return verified;
};

/** The actor that the request's token or key names. */
export const actorOf = (req: Request): Actor => shownWith(req).actor;

/** The duties that it names. */
export const dutiesOf = (req: Request): readonly Duty[] => shownWith(req).duties;

export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) => actorOf(context.switchToHttp().getRequest<Request>()));

/** When what was shown ends, ms since 1970. */
export const tokenEndsAtMs = (req: Request): number => shownWith(req).endsAtMs ?? Date.now() + SHOWN_AGAIN_MS;

/** A key can be revoked and a session ended: whoever listens shows them again each hour. */
const SHOWN_AGAIN_MS = 3_600_000;

/** When a stream ends: it may not outlive what was shown. */
export const streamEndsAtMs = (req: Request): number => {
  const isToken = /^Bearer (?!qk_)/i.test(req.headers.authorization ?? '');
  return isToken ? tokenEndsAtMs(req) : Math.min(tokenEndsAtMs(req), Date.now() + SHOWN_AGAIN_MS);
};
