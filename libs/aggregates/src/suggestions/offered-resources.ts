import type { OfferedResources } from '@qiyue/need';
import { resourceAggregate } from '@qiyue/resource';

const LOOKED_AT_MAX = 500;

/** What units offer for needs of a community, or for any, as the read model of resources has it: the newest of them. */
export const offeredResources: OfferedResources = async (community, { model }) => {
  const collection = await model(resourceAggregate.model).collection();
  const found = await collection
    .find({ 'view.stage': 'offered', 'view.community': { $in: [community, null] } })
    .sort({ 'view.createdAt': -1 })
    .limit(LOOKED_AT_MAX)
    .toArray();
  return found.map(({ view }) => view);
};
