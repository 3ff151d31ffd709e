import type { Denials } from '@qiyue/adapters';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { actorOf } from './authenticate';
import { methodOf, routeOf } from './request-log';
import { sourceOf } from './source';
import { whenGone } from './when-gone';

/** Records who asked for what is not theirs to see or do. Refused commands have records of their own. */
export const noteDenied =
  (denials: Pick<Denials, 'add'>): RequestHandler =>
  (req: Request, res: Response, next: NextFunction): void => {
    const from = sourceOf(req); // a socket that has closed knows no address any more
    whenGone(req, res, () => {
      const route = routeOf(req);
      if (res.statusCode !== 403 || COMMANDS.has(route)) return;
      const code = String(res.locals['problem'] ?? 'not-permitted');
      void denials.add(actorOf(req), { type: 'AccessDenied', data: { method: methodOf(req), route, code } }, from);
    });
    next();
  };

const COMMANDS: ReadonlySet<string> = new Set(['/v1/needs', '/v1/needs/:needId/:command']);
