import { DEED_KINDS } from '@qiyue/civic-domain';
import type { Listing } from '@qiyue/aggregate';
import { words, yesOrNo } from '@qiyue/civic-contracts';
import { NEED_STAGES, NEED_STATUSES } from '@qiyue/need-contracts';
import { toListItem, type NeedView } from '@qiyue/need-views';
import { z } from 'zod';
import { needItem } from './need.shown';

const filters = {
  stage: z.enum(NEED_STAGES).optional(),
  status: z.enum(NEED_STATUSES).optional(),
  unit: words.optional().meta({ description: 'Lead department' }),
  community: words.optional(),
  kind: z.enum(DEED_KINDS).optional(),
  overdue: yesOrNo.optional().meta({ description: 'Past the next binding deadline' }),
};
type Asked = z.infer<z.ZodObject<typeof filters>>;

/** While the clock stands still nobody is late. */
export const NOT_PAUSED = { 'view.clock.paused': null };

const overdue = (wanted: boolean | undefined, now: string): readonly object[] => {
  if (wanted === undefined) return [];
  return wanted
    ? [{ 'view.dueAt': { $ne: null, $lt: now } }, NOT_PAUSED]
    : [{ $or: [{ 'view.dueAt': null }, { 'view.dueAt': { $gte: now } }, { 'view.clock.paused': { $ne: null } }] }];
};

export const needListing: Listing<NeedView> = {
  filters,
  conditionsOf: (query, now) => {
    const asked = query as Asked;
    const equal = (['stage', 'status', 'unit', 'community', 'kind'] as const).flatMap((name) =>
      asked[name] === undefined ? [] : [{ [`view.${name}`]: asked[name] }],
    );
    return [...equal, ...overdue(asked.overdue, now)];
  },
  textsOf: ({ title, items, plan }) => [title, ...items.map(({ name }) => name), plan],
  sealed: { field: 'description', of: ({ description }) => description },
  // What a need gathers is most of its document, and no list shows it.
  without: { 'view.progress': 0, 'view.evidence': 0, 'view.funding': 0, 'view.adopted': 0, 'view.inspection': 0 },
  itemOf: toListItem,
  item: needItem,
};
