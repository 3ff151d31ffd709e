import type { Request } from 'express';
import type { AggregateRoutes } from './aggregate-routes';

/**
 * What a request costs its actor, in ordinary requests; `isHeavy`: it looks at as many entities as there are or computes for long, so that few may
 * run at once.
 */
export interface Cost {
  readonly points: number;
  readonly isHeavy: boolean;
}

const ORDINARY: Cost = { points: 1, isHeavy: false };
const LOOKS_AT_ALL: Cost = { points: 10, isHeavy: true };
/** A printed paper: a second of computing in the API's own thread. */
const SETS_TYPE: Cost = { points: 10, isHeavy: true };
/** Reads a whole history, or waits while it looks again and again. */
const READS_A_LIFE: Cost = { points: 3, isHeavy: false };

/** What a command that was refused costs on top: it may have cost an update, and a record. */
export const REFUSED_POINTS = 10;

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const PARTS_OF_A_LIFE: ReadonlySet<string> = new Set(['history', 'at', 'changes', 'files', 'notices', 'ladder']);

/** By method, path and the names in its query alone: told before anything is read for it. */
export const costsBy = (routes: AggregateRoutes): ((req: Asked) => Cost) => {
  const questions = routes.aggregates.flatMap(({ queries = [] }) => queries.filter(({ looksAtAll }) => looksAtAll === true));
  const heavy = new Set(questions.map(({ path }) => `/v1/${path}`));
  return (req) => {
    if (!READING.has(req.method)) return ORDINARY;
    const at = `${req.baseUrl}${req.path}`.replace(/\/+$/, '').toLowerCase();
    const asks = (name: string): boolean => Object.hasOwn(req.query, name);
    if (heavy.has(at)) return LOOKS_AT_ALL;
    if (at === '/v1/events') return { points: LOOKS_AT_ALL.points, isHeavy: false };
    const found = routes.of(req);
    if (found?.rest.length === 0) return asks('q') ? LOOKS_AT_ALL : ORDINARY;
    if (found !== null && looksAtMany(found)) return { points: LOOKS_AT_ALL.points, isHeavy: false };
    if (found?.rest[1]?.toLowerCase() === 'papers') return SETS_TYPE;
    const readsALife = found !== null && PARTS_OF_A_LIFE.has(found.rest[1]?.toLowerCase() ?? '');
    return readsALife || asks('minSeq') || /^\/v1\/audit(\/|$)/.test(at) ? READS_A_LIFE : ORDINARY;
  };
};

const looksAtMany = ({ aggregate: { questions = [] }, rest: [, name] }: NonNullable<ReturnType<AggregateRoutes['of']>>): boolean =>
  questions.some((question) => question.looksAtMany === true && question.name === name?.toLowerCase());

type Asked = Pick<Request, 'method' | 'baseUrl' | 'path' | 'query'>;
