import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { inOfficeHours, windowEndOf } from './quiet-hours';

const office = { calendar: compileTable(CHINA_2024_2026), officeHours: DEFAULT_POLICY_DOCUMENT.officeHours };
const at = (day: string, time: string) => `${day}T${time}:00.000+08:00`;

describe('quiet hours', () => {
  it.each([
    ['in office hours', at('2025-01-20', '09:30'), at('2025-01-20', '09:30')],
    ['over lunch', at('2025-01-20', '12:00'), at('2025-01-20', '14:30')],
    ['at night', at('2025-01-20', '18:00'), at('2025-01-21', '08:00')],
    ['on a make-up Sunday, which is worked', at('2025-01-26', '09:30'), at('2025-01-26', '09:30')],
    ['on the Saturday before it', at('2025-01-25', '10:00'), at('2025-01-26', '08:00')],
    ['over the Spring Festival', at('2025-01-28', '10:00'), at('2025-02-05', '08:00')],
    ['on a make-up Saturday after it', at('2025-02-08', '17:59'), at('2025-02-08', '17:59')],
    ['where the calendar does not reach: nothing is held back by a guess', at('2031-01-01', '03:00'), at('2031-01-01', '03:00')],
  ])('%s', (_, asked, sent) => {
    expect(inOfficeHours(office, asked)).toBe(sent);
  });
});

describe('the window in which notices wait for each other', () => {
  it('ends at the same instant for all that lie in it', () => {
    const ends = ['09:00', '09:04', '09:09'].map((time) => windowEndOf(at('2025-01-20', time), 600_000));
    expect(new Set(ends)).toEqual(new Set([at('2025-01-20', '09:10')]));
    expect(windowEndOf(at('2025-01-20', '09:10'), 600_000)).toBe(at('2025-01-20', '09:20'));
  });

  it('of no length is none', () => {
    expect(windowEndOf(at('2025-01-20', '09:04'), 0)).toBe(at('2025-01-20', '09:04'));
  });
});
