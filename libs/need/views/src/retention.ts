import type { Retention } from '@qiyue/need-domain';
import type { NeedView } from './need-view';
import type { Sight } from './sights';

/** When nothing could happen to it any more, ISO 8601 with +08:00; null while something can. */
export const endedAtOf = ({ status, updatedAt }: Pick<NeedView, 'status' | 'updatedAt'>): string | null =>
  status === 'ended' || status === 'closed' ? updatedAt : null;

/** The same day and hour so many years before. Compared as text, as records write times. */
export const yearsBefore = (instant: string, years: number): string =>
  `${String(Number(instant.slice(0, 4)) - years).padStart(4, '0')}${instant.slice(4)}`;

/** Whether fields of that sight are still opened at `now`: what has been over for longer is sealed for good, for everybody. */
export const isKept = (least: Sight, need: Pick<NeedView, 'status' | 'updatedAt'>, now: string, retention: Retention): boolean => {
  const endedAt = endedAtOf(need);
  if (endedAt === null || least === 'public') return true;
  const years = { contact: retention.contactYears, personal: retention.personalYears, official: retention.officialYears }[least];
  return endedAt > yearsBefore(now, years);
};
