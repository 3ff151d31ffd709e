import type { Listing } from '@qiyue/aggregate';
import { opaqueId, words, yesOrNo } from '@qiyue/civic-contracts';
import { toListItem, type DecisionView } from '@qiyue/decision-views';
import type { z } from 'zod';
import { decisionColumns } from './decision.columns';
import { decisionItem, matterShown, stageShown } from './decision.shown';

const filters = {
  needId: opaqueId.optional().meta({ description: 'The need that it is about' }),
  community: words.optional().meta({ description: 'The community that runs it' }),
  matter: matterShown.optional(),
  stage: stageShown.optional(),
  overdue: yesOrNo.optional().meta({ description: 'Past the next binding deadline' }),
};
type Asked = z.infer<z.ZodObject<typeof filters>>;

const overdue = (wanted: boolean | undefined, now: string): readonly object[] => {
  if (wanted === undefined) return [];
  return wanted ? [{ 'view.dueAt': { $ne: null, $lt: now } }] : [{ $or: [{ 'view.dueAt': null }, { 'view.dueAt': { $gte: now } }] }];
};

export const decisionListing: Listing<DecisionView> = {
  filters,
  conditionsOf: (query, now) => {
    const asked = query as Asked;
    const named = (['needId', 'community', 'matter', 'stage'] as const).flatMap((name) =>
      asked[name] === undefined ? [] : [{ [`view.${name}`]: asked[name] }],
    );
    return [...named, ...overdue(asked.overdue, now)];
  },
  textsOf: ({ community, plan }) => [community, plan.works, plan.contractor],
  /** A roster may have thousands of rows; none of it is for everybody. */
  without: {
    ...{ 'view.roster': 0, 'view.ballots': 0, 'view.visits': 0, 'view.objections': 0, 'view.mediations': 0, 'view.signatures': 0 },
    ...{ 'view.reservations': 0, 'view.draws': 0, 'view.repayments': 0, 'view.fund': 0 },
  },
  isNumbered: true,
  columns: decisionColumns,
  itemOf: toListItem,
  item: decisionItem,
};
