import { clockEntries, type CalendarSource } from '@qiyue/aggregate';
import type { UnitYearView } from '@qiyue/unit-year-views';
import { ZH_DUE, zhYear } from './notices/templates';

const HAS_DATE = { 'view.clock': { $ne: null }, 'view.dueAt': { $gt: '' } };

/** What a unit has promised for a year, for the unit; while nothing is published, for the centre too. */
export const unitYearCalendar: CalendarSource<UnitYearView> = {
  conditionsOf: ({ role, unit }) => {
    if (role === 'centre') return { ...HAS_DATE, 'view.stage': 'pledging' };
    return role === 'department' && unit !== null ? { ...HAS_DATE, 'view.unit': unit } : null;
  },
  isPersons: () => false,
  entriesOf: (view) => {
    const { unitYearId, seq, unit, clock, dueAt, updatedAt } = view;
    if (clock === null) return [];
    return clockEntries(clock, dueAt, { ...{ id: unitYearId, seq, updatedAt }, deed: ZH_DUE[clock.stage], title: zhYear(view), about: [unit] });
  },
};
