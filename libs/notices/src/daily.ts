import { nextOpening } from '@qiyue/calendar';
import type { Language } from '@qiyue/civic-domain';
import { tell, type NoticeDependencies } from './notices-for';
import type { Notices, Words } from './notice';
import type { Recipient } from './recipient';

const DATE_LENGTH = 'YYYY-MM-DD'.length;
/** It is about many entities. */
const NO_ENTITY = 'system';

/** The opening of the office on the day of `now` (ISO 8601 with +08:00), once it has come; null before it, and on days that are not worked. */
export const openedToday = (now: string, { calendar, policy }: Pick<NoticeDependencies, 'calendar' | 'policy'>): string | null => {
  const day = now.slice(0, DATE_LENGTH);
  const opening = nextOpening(calendar, policy.officeHours, `${day}T00:00:00.000+08:00`);
  return opening.ok && opening.value.startsWith(day) && opening.value <= now ? opening.value : null;
};

export interface ToldDaily {
  readonly aggregate: string;
  readonly type: string;
  /** The opening that it is told at. */
  readonly at: string;
  readonly recipient: Recipient;
  /** The path of all of it. */
  readonly list: string;
  /** `base`: what its links begin with. */
  readonly words: (language: Language, base: string) => Words;
}

/** What one recipient is told on one day: the same day gives the same keys, however often it is told. */
export const dailyNotices = ({ aggregate, type, at, recipient, list, words }: ToldDaily, dependencies: NoticeDependencies): Notices => {
  const { publicUrl = '' } = dependencies;
  return tell(
    [recipient],
    {
      base: { entity: NO_ENTITY, aggregate, link: `${publicUrl}${list}`, seq: 0, type, urgent: false, at },
      keyed: `daily-${type}-${at.slice(0, DATE_LENGTH)}`,
      lead: null,
      words: (language) => words(language, publicUrl),
    },
    dependencies,
  );
};
