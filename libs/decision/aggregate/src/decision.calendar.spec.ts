import { describe, expect, it } from '@jest/globals';
import type { CalendarOwner } from '@qiyue/aggregate';
import { decisionCalendar } from './decision.calendar';
import { EVERY_MOMENT, moment } from './testing/told-decision';

const community: CalendarOwner = { role: 'community', unit: '渠南社区', person: null };
const authority: CalendarOwner = { role: 'authority', unit: '住建局', person: null };
const owner: CalendarOwner = { role: 'resident', unit: null, person: 'ann' };
const deedsFor = (whose: CalendarOwner, life: string, type: string) =>
  decisionCalendar.entriesOf(moment(life, type).after, whose).map(({ deed }) => deed);

describe('a decision of owners in calendars', () => {
  it('shows the end of the ballot to the community and to owners', () => {
    expect([community, owner, authority].map((whose) => deedsFor(whose, 'noticed', 'BallotOpened'))).toEqual([['投票'], ['投票'], []]);
    expect(decisionCalendar.entriesOf(moment('noticed', 'BallotOpened').after, owner)).toMatchObject([
      { dueAt: '2024-07-22T18:00:00.000+08:00', title: '渠南社区业主共同决定“3号楼2单元屋面防水层铲除重做”', isPaused: false },
    ]);
  });
  it('shows the authority what it is to confirm, and to nobody else', () => {
    expect([community, owner, authority].map((whose) => deedsFor(whose, 'confirmed', 'NoticeEnded'))).toEqual([[], [], ['主管部门确认']]);
    expect(deedsFor(authority, 'emergency', 'EmergencyDeclared')).toEqual(['主管部门确认应急维修']);
  });
  it('tells no vote, no name and no money', () => {
    const entries = EVERY_MOMENT.flatMap(({ after }) => [community, owner, authority].flatMap((whose) => decisionCalendar.entriesOf(after, whose)));
    expect(entries.length).toBeGreaterThan(50);
    expect(JSON.stringify(entries)).not.toMatch(/SECRET|\bann\b|\bbo\b|\bcy\b|777777|agree/);
  });
  it('is looked for by the community, by the roster, or, for the authority, in the whole county', () => {
    expect(decisionCalendar.conditionsOf(community)).toMatchObject({ 'view.community': '渠南社区' });
    expect(decisionCalendar.conditionsOf(owner)).toMatchObject({ 'view.roster.owner': 'ann', 'view.clock.stage': { $in: ['voting'] } });
    expect(decisionCalendar.conditionsOf(authority)).toMatchObject({ 'view.clock.stage': { $in: ['confirming', 'declared'] } });
    expect(decisionCalendar.conditionsOf({ ...community, role: 'department' })).toBeNull();
  });
});
