import type { AnyAggregate } from '@qiyue/aggregate';
import { isInOrder, page, rangeOrder, rule, words, type PageCursor } from '@qiyue/civic-contracts';
import { z } from 'zod';
import type { ListQuery } from './entity-lists';
import { isOfOrder, orderOf, sortOf } from './list-order';

/** Not of the view that a list is of: which part of it, and how much at once. */
const OF_THE_PAGE: ReadonlySet<string> = new Set(['limit', 'cursor']);

/** What every list takes beside its own filters. */
export const listParametersOf = ({ listing }: Pick<AnyAggregate, 'listing'>) => ({
  q: words
    .optional()
    .meta({ description: 'Words, each of which has to stand in its texts or its number; in any letters, large or small, of both widths' }),
  sort: sortOf(listing),
  ...page,
});

/** The query of a list, with the filters of its kind. */
export const listQueryOf = (aggregate: Pick<AnyAggregate, 'listing'>): z.ZodType<ListQuery> =>
  z
    .strictObject({ ...aggregate.listing.filters, ...listParametersOf(aggregate) })
    .refine((query) => isInOrder(query as Readonly<Record<string, unknown>>), rangeOrder)
    .refine(({ sort, cursor }) => cursor === undefined || isOfOrder(orderOf(aggregate.listing, sort as string), cursor as PageCursor), {
      ...rule('cursor-order'),
      path: ['cursor'],
    }) as unknown as z.ZodType<ListQuery>;

/** The one address of a view, whatever order its filters were given in: to be kept, and opened again. `query`: as it was given. */
export const addressOf = (path: string, query: Readonly<Record<string, unknown>>): string => {
  const given = Object.entries(query)
    .filter(([name]) => !OF_THE_PAGE.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return `/v1/${path}${search === '' ? '' : `?${search}`}`;
};
