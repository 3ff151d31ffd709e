import { isUtf8 } from 'node:buffer';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { isTooDeep } from '@qiyue/platform';
import { nestedTooDeep } from '@qiyue/civic-contracts';
import type { AggregateRoutes } from './aggregate-routes';
import { Problem } from './problem';

export const BODY_BYTES_MAX = 1_000_000;

const UTF8 = /^utf-?8$/i;

/** JSON in UTF-8 and nothing else, but for files and forms. A request without a body counts as `{}`, so that the schema says what is missing. */
export const jsonBody = (routes: Pick<AggregateRoutes, 'takesFile' | 'takesForm'>): RequestHandler[] => {
  const unlessFile =
    (handler: RequestHandler): RequestHandler =>
    (req, res, next) =>
      routes.takesFile(req) || routes.takesForm(req) ? next() : void handler(req, res, next);
  return [unlessFile(onlyJson), unlessFile(parser)];
};

const onlyJson = (req: Request, _res: Response, next: NextFunction): void => {
  if (!hasBody(req)) {
    req.body = {};
    return next();
  }
  const [type, ...parameters] = (req.headers['content-type'] ?? '').split(';').map((part) => part.trim());
  const charset = parameters
    .find((parameter) => /^charset=/i.test(parameter))
    ?.slice('charset='.length)
    .replace(/^"|"$/g, '');
  const fits = type?.toLowerCase() === 'application/json' && (charset === undefined || UTF8.test(charset));
  next(fits ? undefined : Problem.edge('unsupported-media-type'));
};

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0');

/** What nests deeper than anything that is asked for is not parsed: whoever walks it would have to call itself as often. */
const NESTED_TOO_DEEP = 'nested-too-deep';
class NestedTooDeep extends Error {
  readonly type = NESTED_TOO_DEEP;
}
/** Decoded all the same, each byte that does not fit would become U+FFFD, and the words be lost for ever. */
const NOT_UTF8 = 'not-utf8';
class NotUtf8 extends Error {
  readonly type = NOT_UTF8;
}
const verify = (_req: unknown, _res: unknown, body: Buffer): void => {
  if (!isUtf8(body)) throw new NotUtf8();
  if (isTooDeep(body)) throw new NestedTooDeep();
};

const read = express.json({ limit: BODY_BYTES_MAX, strict: false, type: () => true, verify });

const parser = (req: Request, res: Response, next: NextFunction): void => {
  if (!hasBody(req)) return next();
  read(req, res, (error?: unknown) => next(error === undefined || error === null ? undefined : problemOf(error)));
};

/** The JSON of a form's part, as strictly as a body. Throws a `Problem`. */
export const parsedBody = (json: Buffer): unknown => {
  try {
    verify(null, null, json);
    return JSON.parse(json.toString('utf8'));
  } catch (error) {
    throw problemOf(error instanceof SyntaxError ? { type: 'entity.parse.failed' } : error);
  }
};

/** By the status of body-parser's errors: their messages quote the body. */
const problemOf = (error: unknown): Problem => {
  const { status, type } = error as { readonly status?: unknown; readonly type?: unknown };
  if (type === NOT_UTF8) return Problem.edge('not-utf8');
  if (type === NESTED_TOO_DEEP) return Problem.invalid(nestedTooDeep());
  if (status === 413) return Problem.edge('too-large');
  if (status === 415) return Problem.edge('unsupported-media-type');
  return Problem.edge(type === 'entity.parse.failed' ? 'bad-json' : 'bad-request');
};
