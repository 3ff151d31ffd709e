import { overdueConditions, type Listing } from '@qiyue/aggregate';
import { wholeNumber, words, yesOrNo } from '@qiyue/civic-contracts';
import { toListItem, type UnitYearView } from '@qiyue/unit-year-views';
import type { z } from 'zod';
import { unitYearColumns } from './unit-year.columns';
import { stageShown, unitYearItem } from './unit-year.shown';

/** Which unit and which year: of lists and of counts. */
export const whichYear = {
  unit: words.optional().meta({ description: 'The department' }),
  year: wholeNumber(2000, 2199).optional().meta({ description: 'The calendar year' }),
};

const filters = {
  ...whichYear,
  stage: stageShown.optional(),
  overdue: yesOrNo.optional().meta({ description: 'Past the next binding deadline' }),
};
type Asked = z.infer<z.ZodObject<typeof filters>>;

export const conditionsOn = (asked: Pick<Asked, 'unit' | 'year' | 'stage'>): readonly object[] =>
  (['unit', 'year', 'stage'] as const).flatMap((name) => (asked[name] === undefined ? [] : [{ [`view.${name}`]: asked[name] }]));

export const unitYearListing: Listing<UnitYearView> = {
  filters,
  conditionsOf: (query, now) => {
    const asked = query as Asked;
    return [...conditionsOn(asked), ...overdueConditions(asked.overdue, now)];
  },
  textsOf: ({ unit, pledges }) => [unit, ...pledges.flatMap(({ title, description }) => [title, description])],
  // Not numbered: its unit and year say which it is. Money is not for everybody, and no list shows it.
  without: { 'view.reservations': 0, 'view.budget': 0 },
  columns: unitYearColumns,
  itemOf: toListItem,
  item: unitYearItem,
};
