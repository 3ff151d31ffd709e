import type { NeedEvent } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import { post, type Recipient } from '@qiyue/notices';
import type { Group } from './telling';

const WORD_WITHIN_MINUTES = 15;
/** How long community and centre have to say who is to come, before all departments are called by themselves. */
export const WORD_WITHIN_MS = WORD_WITHIN_MINUTES * 60_000;

/** Whom the call goes to when no word comes. */
export const CALLED_LATER: readonly Recipient[] = [post('department', null)];

type Event = Pick<NeedEvent, 'type' | 'data'>;

/** With this event the need is called an emergency, by whoever wrote it. */
const isCall = ({ type, data }: Event, before: NeedView | null): boolean =>
  (type === 'NeedSubmitted' || (type === 'NeedAmended' && before?.urgency !== 'emergency')) && 'urgency' in data && data.urgency === 'emergency';

/** Nobody of an office has looked yet: what a resident calls so may be none. A community's own call is a word already. */
export const isUnconfirmedCall = (event: Event, before: NeedView | null, after: NeedView): boolean =>
  isCall(event, before) && after.author.role !== 'community';

/** Whom an emergency wakes at once, beside those that are told of any need. */
export const wokenBy = (event: Event, before: NeedView | null, after: NeedView): readonly Group[] => {
  if (!isCall(event, before)) return [];
  return after.author.role === 'community' ? ['community', 'centre', 'departments'] : ['community', 'centre'];
};

/** Whether the call still waits for a word: nobody has confirmed it, whistled, claimed or ended the need, and its author still calls it one. */
export const isCallOpen = ({
  stage,
  whistle,
  urgency,
  urgencyConfirmed,
}: Pick<NeedView, 'stage' | 'whistle' | 'urgency' | 'urgencyConfirmed'>): boolean =>
  stage === 'submitted' && whistle === null && urgency === 'emergency' && urgencyConfirmed !== true;
