import type { EntityQuestion, QueryPorts } from '@qiyue/aggregate';
import { NEED_STAGES } from '@qiyue/need-contracts';
import { featuresOf, scoreOf, similarNeeds, SUGGESTED_MAX, type NeedView } from '@qiyue/need-views';
import { z } from 'zod';
import { needListing } from '../need.listing';
import { needsModel } from '../needs-model';
import { similarityReason, told } from './reasons';

/** Of the same community, submitted next before and next after: so many each are looked at, by the index on community and time. */
const EACH_SIDE_MAX = 250;
/** Of these the most alike by what is public are read as the reader may see them: so many are opened at most. */
const OPENED_MAX = 100;

const FIELDS = ['needId', 'stage', 'title', 'description', 'kind', 'category', 'items', 'community', 'compound', 'location', 'createdAt'] as const;
type Field = (typeof FIELDS)[number];
type Seen = Pick<NeedView, Field>;

export const score = z.number().min(0).max(1);
const similarAnswer = z.object({
  items: z
    .array(z.object({ needId: z.string(), title: z.string(), stage: z.enum(NEED_STAGES), score, reasons: z.array(similarityReason).readonly() }))
    .max(SUGGESTED_MAX)
    .readonly(),
});
export type SimilarNeeds = z.infer<typeof similarAnswer>;

/** What may be the same need, for a person who merges them or does not. */
export const similar: EntityQuestion<NeedView, Field, SimilarNeeds> = {
  name: 'similar',
  title: { 'zh-CN': '同一社区可能相同的需求', en: 'Needs of the same community that may be the same' },
  summary: `Needs of the same community that may be the same, still open ones first, at most ${SUGGESTED_MAX}`,
  description: 'Suggestions: a person decides. Compound and description count for those who may see them.',
  fields: FIELDS,
  answer: similarAnswer,
  looksAtMany: true,
  named: ({ items }) => items.map(({ needId }) => needId),
  read: async (own, { language, model, shownOf }) => {
    const near = nearest(own, await around(own, { model }));
    const found = similarNeeds(own, await shownOf(near));
    return {
      items: found.map(({ need: { needId, title, stage }, score, reasons }) => ({
        ...{ needId, title, stage, score },
        reasons: reasons.map((reason) => told(language, reason)),
      })),
    };
  },
};

const around = async ({ needId, community, createdAt }: Seen, { model }: Pick<QueryPorts, 'model'>): Promise<readonly NeedView[]> => {
  const collection = await model(needsModel).collection();
  const side = async (when: object, order: 1 | -1): Promise<readonly NeedView[]> => {
    const found = await collection
      .find({ 'view.community': community, 'view.createdAt': when } as object, { projection: { ...needListing.without } })
      .sort({ 'view.createdAt': order })
      .limit(EACH_SIDE_MAX)
      .toArray();
    return found.map(({ view }) => view as NeedView);
  };
  const sides = await Promise.all([side({ $lte: createdAt }, -1), side({ $gt: createdAt }, 1)]);
  return sides.flat().filter((view) => view.needId !== needId && view.stage !== 'merged');
};

/** By what everybody may see, so that which ones are opened tells nothing to anybody. */
const nearest = (own: Seen, views: readonly NeedView[]): readonly NeedView[] => {
  if (views.length <= OPENED_MAX) return views;
  const asked = featuresOf(publicOf(own));
  return views
    .map((view) => ({ view, score: scoreOf(asked, featuresOf(publicOf(view))) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, OPENED_MAX)
    .map(({ view }) => view);
};

const publicOf = <V extends Seen>(view: V): V => ({ ...view, description: null, compound: null });
