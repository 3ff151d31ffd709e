import { randomUUID } from 'node:crypto';
import type { Logger } from '@qiyue/platform';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Problem } from './problem';
import { whenGone } from './when-gone';
import type { Metrics } from '../ops/metrics';

const REQUEST_ID = /^[\w.:-]{1,100}$/;

/** Gives every request an id, and counts and logs it by the pattern of its route: never by path, query, body or person. */
export const requestLog =
  (log: Logger, metrics: Metrics): RequestHandler =>
  (req: Request, res: Response, next: NextFunction): void => {
    const offered = req.headers['x-request-id'];
    const requestId = typeof offered === 'string' && REQUEST_ID.test(offered) ? offered : randomUUID();
    const startedMs = performance.now();
    res.setHeader('X-Request-Id', requestId);
    metrics.httpInFlight.inc();
    whenGone(req, res, () => {
      const ms = performance.now() - startedMs;
      const route = routeOf(req);
      const code: unknown = res.locals['problem'];
      metrics.httpInFlight.dec();
      metrics.httpSeconds.observe({ method: methodOf(req), route, status: String(res.statusCode) }, ms / 1000);
      log.info(
        { requestId, method: methodOf(req), route, status: res.statusCode, ms: Math.round(ms), ...(code === undefined ? {} : { code }) },
        'request',
      );
    });
    next();
  };

export const routeOf = (req: Request): string => {
  const path = (req.route as { readonly path?: unknown } | undefined)?.path;
  return typeof path === 'string' && !path.includes('*') ? path : 'other';
};

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
export const methodOf = ({ method }: Request): string => (METHODS.has(method) ? method : 'other');

/** A path that cannot be decoded names nothing; of a query, as of a body, the words would be lost. */
export const decodable: RequestHandler = (req, _res, next) => {
  const query = req.originalUrl.slice(req.originalUrl.indexOf('?') + 1 || req.originalUrl.length);
  if (!isDecodable(req.path)) return next(Problem.edge('no-such-route'));
  next(isDecodable(query) ? undefined : Problem.edge('not-utf8'));
};

const isDecodable = (text: string): boolean => {
  try {
    decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, ''));
    return true;
  } catch {
    return false;
  }
};
