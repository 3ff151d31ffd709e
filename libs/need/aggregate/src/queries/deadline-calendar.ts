import type { CalendarSource } from '@qiyue/aggregate';
import { DEADLINE_STAGES, isPerson } from '@qiyue/civic-domain';
import type { NeedView } from '@qiyue/need-views';
import { calendarOf } from './icalendar';

const HAS_DATE = { 'view.dueAt': { $ne: null } };

/** Works that were reported wait for the community, not for the lead any more. */
const ofLead = (unit: string): object => ({
  ...{ 'view.unit': unit, ...HAS_DATE },
  $or: [{ 'view.stage': 'claimed' }, { 'view.stage': 'funded', 'view.status': { $ne: 'at-acceptance' } }],
});
const ofCommunity = (community: string): object => ({
  ...{ 'view.community': community, ...HAS_DATE },
  $or: [
    { 'view.stage': 'funded', 'view.status': 'at-acceptance' },
    { 'view.stage': 'done', 'view.evaluations.community': null },
  ],
});
/** Among which theirs are looked for: all that runs, of their own community where they have one. */
const ofResidents = (community: string | null): object => ({
  ...{ 'view.stage': { $in: DEADLINE_STAGES }, ...HAS_DATE },
  ...(community === null ? {} : { 'view.community': community }),
});

/** Deadlines in calendars: a lead's own, those that wait for a community, those of the needs that somebody wrote or follows. */
export const deadlineCalendar: CalendarSource<NeedView> = {
  conditionsOf: ({ role, unit }) => {
    if (isPerson(role)) return ofResidents(unit);
    if (unit === null) return null;
    return role === 'department' ? ofLead(unit) : role === 'community' ? ofCommunity(unit) : null;
  },
  isPersons: ({ role }) => isPerson(role),
  render: calendarOf,
};
