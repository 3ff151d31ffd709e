import { describe, expect, it } from '@jest/globals';
import { calendarOf } from '@qiyue/aggregate';
import { spokenNumberOf } from '@qiyue/civic-domain';
import type { NeedView } from '@qiyue/need-views';
import { deadlineCalendar, entriesOf } from './deadline-calendar';

const view = {
  needId: 'n1',
  stage: 'funded',
  round: 2,
  seq: 17,
  title: '扶手, 坡道; 反斜杠\\与换行\n第二行',
  community: '幸福社区',
  unit: '住建局',
  dueAt: '2025-02-06T18:00:00.000+08:00',
  createdAt: '2025-01-20T09:00:00.000+08:00',
  updatedAt: '2025-01-28T10:52:48.000+08:00',
  clock: { steps: [{ kind: 'approaching', level: 0, name: null, at: '2025-02-05T08:00:00.000+08:00', firedAt: null }] },
} as unknown as NeedView;

/** Written against RFC 5545 and apart from the code: unfolds, splits, unescapes. */
const read = (text: string): readonly (readonly [string, string])[] =>
  text
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/\\([nN,;\\])/g, (_, char: string) => (char.toLowerCase() === 'n' ? '\n' : char))];
    });

describe('a feed of deadlines', () => {
  it('is an iCalendar object with one event per deadline and the reminder as its alarm', () => {
    expect(read(calendarOf(entriesOf(view), '住建局'))).toEqual([
      ['BEGIN', 'VCALENDAR'],
      ['VERSION', '2.0'],
      ['PRODID', '-//Qiyue//Deadlines//ZH'],
      ['CALSCALE', 'GREGORIAN'],
      ['METHOD', 'PUBLISH'],
      ['NAME', '办理期限：住建局'],
      ['X-WR-CALNAME', '办理期限：住建局'],
      ['BEGIN', 'VEVENT'],
      ['UID', 'n1-funded-2@qiyue'],
      ['SEQUENCE', '17'],
      ['DTSTAMP', '20250128T025248Z'],
      ['DTSTART', '20250206T093000Z'],
      ['DTEND', '20250206T100000Z'],
      ['SUMMARY', `完工验收：${view.title}`],
      ['DESCRIPTION', `幸福社区 · 住建局 · ${spokenNumberOf('n1', view.createdAt)}`],
      ['BEGIN', 'VALARM'],
      ['ACTION', 'DISPLAY'],
      ['TRIGGER;VALUE=DATE-TIME', '20250205T000000Z'],
      ['DESCRIPTION', `完工验收：${view.title}`],
      ['END', 'VALARM'],
      ['END', 'VEVENT'],
      ['END', 'VCALENDAR'],
    ]);
  });
  it('has lines of at most 75 octets, cut between characters', () => {
    const long = calendarOf(entriesOf({ ...view, title: '很长的标题'.repeat(40) }), null);
    for (const line of long.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(long).not.toContain('\ufffd');
    expect(Object.fromEntries(read(long))['SUMMARY']).toBe(`完工验收：${'很长的标题'.repeat(40)}`);
  });
  it('says so where it is cut off', () => {
    const lines = read(calendarOf(entriesOf(view), null, 6));
    expect(lines.filter(([name]) => name === 'UID')).toHaveLength(2);
    expect(lines.filter(([, value]) => value.includes('仅显示前 1 项，共 7 项')).map(([name]) => name)).toEqual(['X-WR-CALDESC', 'SUMMARY']);
  });
  it('says to a unit or a community what it is to do, and until when it was asked to answer', () => {
    const answerBy = '2025-02-06T08:00:00.000+08:00';
    const whistle = { reach: 'named', units: ['住建局', '水利局'], answers: [], answerBy };
    const called = { ...view, stage: 'submitted', unit: null, urgencyConfirmed: false, whistle } as unknown as NeedView;
    const shownTo = (role: string, unit: string) => {
      const said = Object.fromEntries(read(calendarOf(deadlineCalendar.entriesOf(called, { role, unit, person: null }), unit)));
      return [said['SUMMARY'], said['DTEND']];
    };
    expect(shownTo('department', '水利局')).toEqual([`认领：${view.title}`, '20250206T000000Z']);
    expect(shownTo('community', '幸福社区')).toEqual([`核实是否紧急：${view.title}`, '20250206T100000Z']);
    expect(shownTo('resident', '幸福社区')).toEqual([`认领：${view.title}`, '20250206T100000Z']);
  });
  it('leaves out what has no date', () => {
    expect(read(calendarOf(entriesOf({ ...view, dueAt: null }), null)).map(([name]) => name)).not.toContain('UID');
  });
});
