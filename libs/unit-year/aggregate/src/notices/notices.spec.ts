import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_DOCUMENT, LANGUAGES } from '@qiyue/civic-domain';
import { recipientKey, type Occasion } from '@qiyue/notices';
import type { UnitYearView } from '@qiyue/unit-year-views';
import { EVERY_MOMENT, moment, type Moment } from '../testing/told-year';
import { TOLD_TYPES, type ToldType } from './told';
import { unitYearNotices } from './unit-year.notices';

const isTold = ({ record }: Moment): boolean => unitYearNotices.types.includes(record.type);
const occasionOf = ({ record, before, after }: Moment): Occasion<UnitYearView> => ({
  event: unitYearNotices.eventOf(record),
  by: record.actor,
  before,
  after,
});
const wordsOf = (one: Moment) => LANGUAGES.map((language) => unitYearNotices.wordsFor(occasionOf(one), language));
const told = EVERY_MOMENT.filter(isTold);

const UNIT = recipientKey({ kind: 'post', role: 'department', unit: '住建局' });
const COMMUNITY = recipientKey({ kind: 'post', role: 'community', unit: '民悦社区' });
const [CENTRE, SUPERVISOR, COUNTY] = ['post/centre/*', 'post/supervisor/*', 'post/county/*'];

/** [life, event, which of its kind, who is told] */
const TABLE: readonly (readonly [string, ToldType, number, readonly string[]])[] = [
  ['unpublished', 'DeadlineApproaching', 0, [UNIT, CENTRE]],
  ['unpublished', 'DeadlineMissed', 0, [UNIT, CENTRE]],
  ['unpublished', 'Escalated', 0, [UNIT]],
  ['unpublished', 'Escalated', 1, [UNIT, CENTRE]],
  ['unpublished', 'Escalated', 2, [SUPERVISOR]],
  ['unpublished', 'Escalated', 3, [SUPERVISOR, COUNTY]],
  ['unpublished', 'PledgeFailed', 0, [UNIT]],
  ['matching', 'DeadlineApproaching', 0, [UNIT]],
  ['matching', 'DeadlineMissed', 0, [UNIT]],
  ['working', 'DeadlineApproaching', 0, [UNIT]],
  ['moved', 'DeadlineMoved', 0, [UNIT, CENTRE]],
  ['contested', 'PledgeContested', 0, [UNIT, CENTRE]],
  ['contested', 'PledgeSettled', 0, [UNIT, COMMUNITY]],
  ['contested', 'PledgeFailed', 0, [UNIT]],
  ['closed', 'PledgeFailed', 0, [UNIT]],
];

describe('who is told', () => {
  it.each(TABLE)('in the life "%s" of %s (%i): %j', (life, type, nth, wanted) => {
    expect(unitYearNotices.recipientsOf(occasionOf(moment(life, type, nth)), DEFAULT_POLICY_DOCUMENT).map(recipientKey)).toEqual(wanted);
  });
  it('is stated above for every event that anybody is told of', () => {
    expect(TOLD_TYPES.filter((type) => !TABLE.some(([, stated]) => stated === type))).toEqual([]);
  });
  it('is nobody who did it', () => {
    const occasion = { ...occasionOf(moment('contested', 'PledgeContested')), by: { id: 'wes', role: 'department', unit: '住建局' } };
    expect(unitYearNotices.recipientsOf(occasion, DEFAULT_POLICY_DOCUMENT).map(recipientKey)).toEqual([CENTRE]);
  });
});

describe('the words of a notice', () => {
  it('say whose year it is or which pledge, in every language', () => {
    for (const one of told)
      for (const { subject, text } of wordsOf(one)) {
        expect(`${subject} ${text}`).toMatch(/住建局.*2024/);
        expect(`${subject} ${text}`).not.toMatch(/null|undefined|NaN|\[object/);
      }
  });
  it('never hold a reason, a description or money', () => {
    expect(JSON.stringify(EVERY_MOMENT.map(({ record }) => record.data))).toMatch(/SECRET-reference.*SECRET-description.*SECRET-reason/);
    expect(JSON.stringify(told.map(wordsOf))).not.toMatch(/SECRET|424242|77777|70000/);
  });
  it('say how many pledges have no need half way through', () => {
    const [zh, en] = wordsOf(moment('matching', 'DeadlineMissed'));
    expect(zh).toEqual({
      subject: '已逾期：住建局2024年度',
      text: '落实全部承诺对应的需求的期限2024年7月1日（星期一）18:00已过，尚有3项承诺没有对应需求。',
    });
    expect(en?.text).toBe('The deadline for naming a need for each pledge, Monday 1 July 2024, 18:00, has passed. Pledges without a need: 3.');
  });
  it('say how a contest was settled', () => {
    expect(wordsOf(moment('contested', 'PledgeSettled', 0)).map(({ text }) => text)).toEqual([
      '对住建局2024年度承诺“安装路灯”的异议不成立。',
      'The contest of a pledge of 住建局, 2024 is not upheld: 安装路灯 stands.',
    ]);
    expect(wordsOf(moment('contested', 'PledgeSettled', 1))[0]?.text).toBe('对住建局2024年度承诺“修建车棚”的异议成立，该承诺不计入。');
  });
  it('say from when to when a deadline moves, and why', () => {
    expect(wordsOf(moment('moved', 'DeadlineMoved'))[0]?.text).toBe(
      '因时限规则变更，公布承诺的期限由2024年4月1日（星期一）18:00调整为2024年4月30日（星期二）18:00。',
    );
  });
  it('pass quiet hours from the second rung on', () => {
    const urgent = told.filter((one) => unitYearNotices.isUrgent(occasionOf(one))).map(({ record }) => record.type);
    expect(new Set(urgent)).toEqual(new Set(['Escalated']));
    expect(unitYearNotices.isUrgent(occasionOf(moment('unpublished', 'Escalated', 0)))).toBe(false);
  });
});

it('what a year has missed its unit cannot switch off, and no person is behind it', () => {
  const { record, after } = moment('unpublished', 'DeadlineMissed');
  expect([unitYearNotices.leadOf(after), unitYearNotices.authorOf(after), unitYearNotices.policyOf(after)]).toEqual(['住建局', null, 'default-1']);
  expect([unitYearNotices.sealedPersonsOf(record, after), unitYearNotices.withPersons(after, new Map())]).toEqual([[], after]);
});
