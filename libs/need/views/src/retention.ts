import type { NeedView } from './need-view';

/** When nothing could happen to it any more, ISO 8601 with +08:00; null while something can. */
export const endedAtOf = ({ status, updatedAt }: Pick<NeedView, 'status' | 'updatedAt'>): string | null =>
  status === 'ended' || status === 'closed' ? updatedAt : null;
