import type { Actor } from '@qiyue/engine';
import type { HistoryEvent } from './history';
import type { NeedView } from '@qiyue/need-views';

type Parties = Pick<NeedView, 'author' | 'community' | 'unit'>;

const ALWAYS: ReadonlySet<string> = new Set(['centre', 'supervisor', 'operator']);

/** Who may read how to reach the person behind a need. The one place that knows; finer rules by role come here. */
export const seesContact = (actor: Actor, need: Parties): boolean =>
  ALWAYS.has(actor.role) ||
  actor.id === need.author.id ||
  (actor.unit !== null && actor.role === 'community' && actor.unit === need.community) ||
  (actor.unit !== null && actor.role === 'department' && actor.unit === need.unit);

/** The need as this actor may see it. */
export const visibleView = (view: NeedView, actor: Actor): NeedView =>
  seesContact(actor, view) || view.contact === null ? view : { ...view, contact: null };

/** Subscribers are services: those that act for the whole county get events whole, so that they can check their hashes. */
export const seesEventsWhole = (actor: Actor): boolean => ALWAYS.has(actor.role) || actor.role === 'service';

/** Data without contact, or null when there is none in it. What is left out is named, since the hash covers the original. */
export const withoutContact = (data: object): object | null => ('contact' in data && data.contact !== null ? { ...data, contact: null } : null);

export const visibleEvent = (event: HistoryEvent, isWhole: boolean): HistoryEvent => {
  const data = isWhole ? null : withoutContact(event.data);
  return data === null ? event : { ...event, data, redacted: ['contact'] };
};
