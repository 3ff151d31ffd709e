import { FILE_BYTES_MAX } from '@qiyue/edge';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { actorOf } from './authenticate';
import type { AggregateRoutes } from './aggregate-routes';
import { Lanes } from './lanes';
import { Problem } from './problem';

const AT_ONCE_MAX = 16;
const AT_ONCE_PER_ACTOR = 4;

const read = express.raw({ limit: FILE_BYTES_MAX, type: () => true });

/** Bytes as they come, of any declared type: what they are is told by themselves. */
export const fileBody = (routes: Pick<AggregateRoutes, 'takesFile'>): RequestHandler => {
  const lanes = new Lanes({ all: AT_ONCE_MAX, each: AT_ONCE_PER_ACTOR });
  return (req: Request, res: Response, next: NextFunction): void => {
    if (!routes.takesFile(req)) return next();
    const refused = lanes.enter(actorOf(req).id, req, res);
    if (refused !== null) return next(refused);
    read(req, res, (error?: unknown) => next(error === undefined || error === null ? undefined : problemOf(error)));
  };
};

const problemOf = (error: unknown): Problem => {
  const { status } = error as { readonly status?: unknown };
  return Problem.edge(status === 413 ? 'file-too-large' : status === 415 ? 'unsupported-file' : 'bad-request');
};
