import type { CalendarSource } from '@qiyue/aggregate';
import { DEADLINE_STAGES, isPerson } from '@qiyue/civic-domain';
import { waitsForOf, type NeedView } from '@qiyue/need-views';
import { tokenOf } from '../need.keys';
import { calendarOf } from './icalendar';

const HAS_DATE = { 'view.dueAt': { $ne: null } };

/** What waits for it as the lists have it, and its own that stand still. */
const ofUnit = (unit: string): object => ({
  ...HAS_DATE,
  $or: [
    { 'keys.has': tokenOf('waits-unit', unit) },
    { 'view.unit': unit, 'view.stage': { $in: ['claimed', 'funded'] }, 'view.clock.paused': { $ne: null } },
  ],
});
const ofCommunity = (community: string): object => ({ ...HAS_DATE, 'keys.has': tokenOf('waits-community', community) });
/** Among which theirs are looked for: all that runs, of their own community where they have one. */
const ofResidents = (community: string | null): object => ({
  ...{ 'view.stage': { $in: DEADLINE_STAGES }, ...HAS_DATE },
  ...(community === null ? {} : { 'view.community': community }),
});

/** Deadlines in calendars: those that wait for a unit or a community, those of the needs that somebody wrote or follows, and of their community’s own that wait for residents. */
export const deadlineCalendar: CalendarSource<NeedView> = {
  conditionsOf: ({ role, unit }) => {
    if (isPerson(role)) return ofResidents(unit);
    if (unit === null) return null;
    return role === 'department' ? ofUnit(unit) : role === 'community' ? ofCommunity(unit) : null;
  },
  isPersons: ({ role }) => isPerson(role),
  isForAll: (view, { unit }) =>
    view.author.role === 'community' && view.community === unit && waitsForOf(view).some(({ who }) => who === 'residents'),
  render: (views, owner, total) => calendarOf(views, owner.unit, total, owner),
};
