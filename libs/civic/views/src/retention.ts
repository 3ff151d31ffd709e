import type { Retention } from '@qiyue/civic-domain';
import type { Sight } from './sights';

/** The same day and hour so many years before. Compared as text, as records write times. */
export const yearsBefore = (instant: string, years: number): string =>
  `${String(Number(instant.slice(0, 4)) - years).padStart(4, '0')}${instant.slice(4)}`;

/** Whether fields of that sight are still opened at `now`: what has been over for longer is sealed for good, for everybody. `endedAt` null: it is not over. */
export const isKept = (least: Sight, endedAt: string | null, now: string, retention: Retention): boolean => {
  if (endedAt === null || least === 'public') return true;
  const years = { contact: retention.contactYears, personal: retention.personalYears, official: retention.officialYears }[least];
  return endedAt > yearsBefore(now, years);
};
