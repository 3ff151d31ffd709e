import { plainAddress, withSource, type Source } from '@qiyue/audit';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Where a request comes from. `ip` is the socket's other end, or whom a proxy that we were told to trust names. */
export const sourceOf = (req: Request): Source => ({ way: wayOf(req), address: addressOf(req) });

export const addressOf = (req: Pick<Request, 'ip'>): string | null => plainAddress(req.ip);

const wayOf = ({ baseUrl, originalUrl, headers: { authorization } }: Request): Source['way'] => {
  if (/^\/login(\/|$)/.test(baseUrl || originalUrl)) return 'login';
  if (authorization === undefined) return 'session';
  return authorization.startsWith('Bearer qk_') ? 'key' : 'token';
};

/** Behind whatever reads the body: what is recorded for a request from here on came from where the request did. */
export const inSource = (): RequestHandler => (req: Request, _res: Response, next: NextFunction) => withSource(sourceOf(req), () => next());
