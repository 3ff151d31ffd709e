import type { Denials } from '@qiyue/audit';
import type { AnyAggregate } from '@qiyue/aggregate';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { actorOf } from './authenticate';
import { methodOf, routeOf } from './request-log';
import { sourceOf } from './source';
import { whenGone } from './when-gone';

/** Records who asked for what is not theirs to see or do. Refused commands have records of their own. */
export const noteDenied = (denials: Pick<Denials, 'add'>, aggregates: readonly AnyAggregate[]): RequestHandler => {
  const commands = commandRoutesOf(aggregates);
  return (req: Request, res: Response, next: NextFunction): void => {
    const from = sourceOf(req); // a socket that has closed knows no address any more
    whenGone(req, res, () => {
      const route = routeOf(req);
      if (res.statusCode !== 403 || commands.has(route)) return;
      const code = String(res.locals['problem'] ?? 'not-permitted');
      void denials.add(actorOf(req), { type: 'AccessDenied', data: { method: methodOf(req), route, code } }, from);
    });
    next();
  };
};

/** Routes of commands. */
const commandRoutesOf = (aggregates: readonly AnyAggregate[]): ReadonlySet<string> =>
  new Set(aggregates.flatMap(({ path, idName }) => [`/v1/${path}`, `/v1/${path}/:${idName}/:command`]));
