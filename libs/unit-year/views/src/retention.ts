import type { UnitYearView } from './unit-year-view';

/** When nothing could happen to it any more, ISO 8601 with +08:00; null while something can: a closed year may have money that is reserved. */
export const endedAtOf = ({ status, updatedAt }: Pick<UnitYearView, 'status' | 'updatedAt'>): string | null =>
  status === 'ended' ? updatedAt : null;
