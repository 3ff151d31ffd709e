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

/** With this event the need is an emergency that wakes somebody: it is called one, or an office says so. */
export const isCallToAll = (event: Event, before: NeedView | null, after: NeedView): boolean =>
  isCall(event, before) || (after.urgency === 'emergency' && (event.type === 'UrgencyConfirmed' || isCorrectedToOne(event)));

/** The centre has put right that it is one. */
export const isCorrectedToOne = ({ type, data }: Event): boolean => type === 'NeedCorrected' && 'urgency' in data && data.urgency === 'emergency';

/** Nobody of an office has looked yet: what a resident calls so may be none. A community's own call is a word already. */
export const isUnconfirmedCall = (event: Event, before: NeedView | null, after: NeedView): boolean =>
  isCall(event, before) && after.author.role !== 'community';

/** Whom an emergency wakes at once, beside those that are told of any need. */
export const wokenBy = (event: Event, before: NeedView | null, after: NeedView): readonly Group[] => {
  if (!isCall(event, before)) return [];
  return after.author.role === 'community' ? ['community', 'centre', 'departments'] : ['community', 'centre'];
};

type Called = Pick<NeedView, 'stage' | 'whistle' | 'urgency' | 'urgencyConfirmed'>;

/** Whether the call still waits for a word: nobody has confirmed it, said that they come, claimed or ended the need, and its author still calls it one. */
export const isCallOpen = ({ stage, whistle, urgency, urgencyConfirmed }: Called): boolean =>
  stage === 'submitted' && urgency === 'emergency' && urgencyConfirmed !== true && !isOnItsWay(whistle);

/** That units were called by name brings nobody yet: until one says that it comes, the others are called as well. All of them are called once. */
const isOnItsWay = (whistle: NeedView['whistle']): boolean =>
  whistle !== null && (whistle.reach !== 'named' || (whistle.answers ?? []).some(({ answer }) => answer === 'coming'));
