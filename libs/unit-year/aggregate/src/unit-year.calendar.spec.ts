import { describe, expect, it } from '@jest/globals';
import type { CalendarOwner } from '@qiyue/aggregate';
import { EVERY_MOMENT } from './testing/told-year';
import { unitYearCalendar } from './unit-year.calendar';

const unit: CalendarOwner = { role: 'department', unit: '住建局', person: null };

describe('a unit’s year in calendars', () => {
  it('has the one deadline that runs, and none once none does', () => {
    for (const { after } of EVERY_MOMENT) {
      const entries = unitYearCalendar.entriesOf(after, unit);
      expect(entries.map(({ dueAt }) => dueAt)).toEqual(after.clock === null || after.dueAt === null ? [] : [after.dueAt]);
      for (const { title, deed } of entries) expect(`${deed}：${title}`).toMatch(/^(公布承诺|落实全部承诺对应的需求|兑现承诺)：住建局2024年度$/);
    }
  });
  it('is for the unit, and for the centre while the pledges are not published', () => {
    expect(unitYearCalendar.conditionsOf(unit)).toMatchObject({ 'view.unit': '住建局' });
    expect(unitYearCalendar.conditionsOf({ role: 'centre', unit: '服务中心', person: null })).toMatchObject({ 'view.stage': 'pledging' });
    expect(['community', 'resident', 'supervisor'].map((role) => unitYearCalendar.conditionsOf({ ...unit, role }))).toEqual([null, null, null]);
  });
});
