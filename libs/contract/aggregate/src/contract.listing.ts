import type { Listing } from '@qiyue/aggregate';
import { wholeNumber, words, yesOrNo } from '@qiyue/civic-contracts';
import { toListItem, type ContractView } from '@qiyue/contract-views';
import type { z } from 'zod';
import { contractColumns } from './contract.columns';
import { contractItem, stageShown, statusShown } from './contract.shown';

const filters = {
  unit: words.optional().meta({ description: 'The department' }),
  community: words.optional().meta({ description: 'The community' }),
  year: wholeNumber(2000, 2199).optional().meta({ description: 'The calendar year' }),
  stage: stageShown.optional(),
  status: statusShown.optional(),
  overdue: yesOrNo.optional().meta({ description: 'Past the next binding deadline' }),
};
type Asked = z.infer<z.ZodObject<typeof filters>>;

const FIELDS = ['unit', 'community', 'year', 'stage', 'status'] as const;

const overdue = (wanted: boolean | undefined, now: string): readonly object[] => {
  if (wanted === undefined) return [];
  const late = [{ 'view.dueAt': { $ne: null, $lt: now } }, { 'view.itemClocks.dueAt': { $gt: '', $lt: now } }];
  return [wanted ? { $or: late } : { $nor: late }];
};

export const contractListing: Listing<ContractView> = {
  filters,
  conditionsOf: (query, now) => {
    const asked = query as Asked;
    return [...FIELDS.flatMap((name) => (asked[name] === undefined ? [] : [{ [`view.${name}`]: asked[name] }])), ...overdue(asked.overdue, now)];
  },
  textsOf: ({ unit, community, items, duties }) => [unit, community, ...items.map(({ title }) => title), ...duties.community, ...duties.unit],
  isNumbered: true,
  columns: contractColumns,
  itemOf: toListItem,
  item: contractItem,
};
