import type { OfferedResources } from '@qiyue/need';

/** What units offer for needs of a community, or for any, as the read model of resources has it. There is no kind of entity that offers anything yet. */
export const offeredResources: OfferedResources = () => Promise.resolve([]);
