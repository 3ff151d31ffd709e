import type { Upcasters } from '@qiyue/engine';

/** How older forms of events become today's. None has changed its form yet. */
export const needUpcasters: Upcasters = {};
