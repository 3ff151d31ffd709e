import { FILE_BYTES_MAX } from '@qiyue/edge';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { actorOf } from './authenticate';
import type { AggregateRoutes } from './aggregate-routes';
import { Problem } from './problem';
import { whenGone } from './when-gone';

const AT_ONCE_MAX = 16;
const AT_ONCE_PER_ACTOR = 4;

const read = express.raw({ limit: FILE_BYTES_MAX, type: () => true });

/**
 * Bytes as they come, of any declared type: what they are is told by themselves. So many at once per process, and fewer per actor, so that
 * slow or greedy senders take neither the memory nor everybody's place.
 */
export const fileBody = (routes: Pick<AggregateRoutes, 'takesFile'>): RequestHandler => {
  const under = new Map<string, number>();
  let all = 0;
  return (req: Request, res: Response, next: NextFunction): void => {
    if (!routes.takesFile(req)) return next();
    const { id } = actorOf(req);
    const own = under.get(id) ?? 0;
    if (own >= AT_ONCE_PER_ACTOR) return next(Problem.edge('too-many-requests', { headers: { 'Retry-After': '1' } }));
    if (all >= AT_ONCE_MAX) return next(Problem.edge('unavailable'));
    under.set(id, own + 1);
    all += 1;
    whenGone(req, res, () => {
      const left = (under.get(id) ?? 1) - 1;
      if (left === 0) under.delete(id);
      else under.set(id, left);
      all -= 1;
    });
    read(req, res, (error?: unknown) => next(error === undefined || error === null ? undefined : problemOf(error)));
  };
};

const problemOf = (error: unknown): Problem => {
  const { status } = error as { readonly status?: unknown };
  return Problem.edge(status === 413 ? 'file-too-large' : status === 415 ? 'unsupported-file' : 'bad-request');
};
