import type { Request } from 'express';

/** What a request costs its actor, in ordinary requests; `isHeavy`: it looks at as many needs as there are, so that few may run at once. */
export interface Cost {
  readonly points: number;
  readonly isHeavy: boolean;
}

const ORDINARY: Cost = { points: 1, isHeavy: false };
const LOOKS_AT_ALL: Cost = { points: 10, isHeavy: true };
/** Reads a whole history, or waits while it looks again and again. */
const READS_A_LIFE: Cost = { points: 3, isHeavy: false };

/** What a command that was refused costs on top: it may have cost an update, and a record. */
export const REFUSED_POINTS = 10;

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const NEED_PART = /^\/v1\/needs\/[^/]+\/(history|at|changes|files)(\/|$)/i;

/** By method, path and the names in its query alone: told before anything is read for it. */
export const costOf = ({ method, baseUrl, path, query }: Pick<Request, 'method' | 'baseUrl' | 'path' | 'query'>): Cost => {
  if (!READING.has(method)) return ORDINARY;
  const at = `${baseUrl}${path}`.replace(/\/+$/, '');
  const asks = (name: string): boolean => Object.hasOwn(query, name);
  if (/^\/v1\/stats(\/|$)/i.test(at) || /^\/v1\/deadlines\.ics$/i.test(at)) return LOOKS_AT_ALL;
  if (/^\/v1\/needs$/i.test(at)) return asks('q') ? LOOKS_AT_ALL : ORDINARY;
  if (/^\/v1\/events$/i.test(at)) return { points: LOOKS_AT_ALL.points, isHeavy: false };
  return NEED_PART.test(at) || asks('minSeq') || /^\/v1\/audit(\/|$)/i.test(at) ? READS_A_LIFE : ORDINARY;
};
