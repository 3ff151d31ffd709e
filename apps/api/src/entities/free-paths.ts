import type { AnyAggregate } from '@qiyue/aggregate';
import { AggregatesRefused } from '@qiyue/aggregates';
import { platformPaths } from '../docs/platform-paths';

/** Throws `AggregatesRefused` where an aggregate has a path of our own surfaces: one of both would never be reached. */
export const insistOnFreePaths = (aggregates: readonly Pick<AnyAggregate, 'decider' | 'path' | 'queries'>[]): void => {
  const ours = Object.keys(platformPaths([], () => undefined)).map((path) => path.replace(/^\/(v1\/)?/, ''));
  const roots = new Set(ours.map((path) => path.split('/')[0]));
  const mistakes = aggregates.flatMap(({ decider, path, queries = [] }) =>
    [...(roots.has(path) ? [path] : []), ...queries.flatMap((query) => (ours.includes(query.path) ? [query.path] : []))].map(
      (taken) => `${decider.aggregate} has the path ${taken}, which is taken`,
    ),
  );
  if (mistakes.length > 0) throw new AggregatesRefused(mistakes);
};
