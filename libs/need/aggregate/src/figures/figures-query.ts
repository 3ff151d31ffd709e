import type { QueryPorts } from '@qiyue/aggregate';
import { wholeNumber, words } from '@qiyue/civic-contracts';
import { DEED_KINDS } from '@qiyue/civic-domain';
import { z } from 'zod';
import { factIn, needFigures, type Fact } from './need-figures';

/** Whose figures: all may be left out. */
export const figureFilters = {
  year: wholeNumber(2000, 2199).optional().meta({ description: 'The calendar year of Shanghai in which it happened' }),
  unit: words.optional().meta({ description: 'The lead department; of a claim the one that claimed' }),
  community: words.optional().meta({ description: 'The community' }),
  category: words.optional().meta({ description: 'What sort of need, in the words of the policy' }),
  kind: z.enum(DEED_KINDS).optional().meta({ description: '`tangible` is 实事, `service` is 好事' }),
};
const figureFilter = z.strictObject(figureFilters);
export type FigureFilter = Partial<z.infer<typeof figureFilter>>;

/** By what figures are put together. */
export const FIGURE_GROUPS = ['unit', 'community', 'category', 'kind', 'year', 'month'] as const;
export type FigureGroup = (typeof FIGURE_GROUPS)[number];

const YEAR_LENGTH = 4;
const MONTH_LENGTH = 7;

/** The row that a fact counts in; null for none: it has no lead, no category, or has not happened yet. */
export const groupOf = ({ lead, community, category, kind, at }: Fact, by: FigureGroup): string | null =>
  ({ unit: lead, community, category, kind, year: at.slice(0, YEAR_LENGTH), month: at.slice(0, MONTH_LENGTH) })[by] || null;

export const isAskedFor = ({ lead, community, category, kind, at }: Fact, filter: FigureFilter): boolean =>
  (filter.unit === undefined || lead === filter.unit) &&
  (filter.community === undefined || community === filter.community) &&
  (filter.category === undefined || category === filter.category) &&
  (filter.kind === undefined || kind === filter.kind) &&
  (filter.year === undefined || at.startsWith(`${filter.year}-`));

/** When it happened: from then on and before that, ISO 8601 with +08:00. */
export interface Between {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const betweenOf = ({ year }: FigureFilter): Between => (year === undefined ? {} : { from: `${year}-`, to: `${year + 1}-` });

/** What happened of these sorts and is asked for, one after the other, found by the index: memory stays flat however many there are. */
export async function* factsFor<F extends Fact>(
  sorts: readonly F['of'][],
  filter: FigureFilter,
  { keys }: Pick<QueryPorts, 'keys'>,
  { from, to }: Between = betweenOf(filter),
): AsyncGenerator<F> {
  const at = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
  const conditions = { 'key.of': { $in: [...sorts] }, ...(Object.keys(at).length === 0 ? {} : { 'key.at': at }) };
  for await (const document of (await keys(needFigures).collection()).find(conditions)) {
    const fact = factIn(document) as F;
    if (isAskedFor(fact, filter)) yield fact;
  }
}

/** A share, null of nothing. */
export const rateOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

export const rateShown = (description: string) =>
  z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .meta({ description: `${description}; null when there are none` });
export const countShown = (description: string) => z.int().min(0).meta({ description });
