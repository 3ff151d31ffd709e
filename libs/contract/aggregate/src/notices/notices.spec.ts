import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_DOCUMENT, LANGUAGES } from '@qiyue/civic-domain';
import type { ContractView } from '@qiyue/contract-views';
import { recipientKey, type Occasion } from '@qiyue/notices';
import { EVERY_MOMENT, moment, type Moment } from '../testing/told-contract';
import { contractNotices } from './contract.notices';
import { TOLD_TYPES, type ToldType } from './told';

const isTold = ({ record }: Moment): boolean => contractNotices.types.includes(record.type);
const occasionOf = ({ record, before, after }: Moment): Occasion<ContractView> => ({
  event: contractNotices.eventOf(record),
  by: record.actor,
  before,
  after,
});
const wordsOf = (one: Moment) => LANGUAGES.map((language) => contractNotices.wordsFor(occasionOf(one), language));
const told = EVERY_MOMENT.filter(isTold);

const UNIT = recipientKey({ kind: 'post', role: 'department', unit: '住建局' });
const COMMUNITY = recipientKey({ kind: 'post', role: 'community', unit: '民悦社区' });
const [CENTRE, SUPERVISOR, COUNTY] = ['post/centre/*', 'post/supervisor/*', 'post/county/*'];
const BOTH = [COMMUNITY, UNIT];

/** [life, event, which of its kind, who is told] */
const TABLE: readonly (readonly [string, ToldType, number, readonly string[]])[] = [
  ['unsigned', 'ContractProposed', 0, [COMMUNITY]],
  ['unsigned', 'DeadlineApproaching', 0, BOTH],
  ['unsigned', 'DeadlineMissed', 0, BOTH],
  ['unsigned', 'Escalated', 0, BOTH],
  ['unsigned', 'Escalated', 1, [...BOTH, CENTRE]],
  ['unsigned', 'Escalated', 2, [...BOTH, SUPERVISOR]],
  ['unsigned', 'Escalated', 3, [...BOTH, SUPERVISOR, COUNTY]],
  ['unsigned', 'ContractClosed', 0, BOTH],
  ['moved', 'DeadlineMoved', 0, BOTH],
  ['withdrawn', 'ContractWithdrawn', 0, [UNIT]],
  ['signed', 'SignatureGiven', 0, [COMMUNITY]],
  ['signed', 'SignatureGiven', 1, []],
  ['signed', 'ContractInForce', 0, [UNIT]],
  ['amended', 'AmendmentProposed', 0, [UNIT]],
  ['amended', 'ContractAmended', 0, [COMMUNITY]],
  ['amended', 'AmendmentDeclined', 0, [UNIT]],
  ['evaluated', 'ItemFinished', 0, [COMMUNITY]],
  ['evaluated', 'SideEvaluated', 0, [UNIT]],
  ['evaluated', 'DeadlineApproaching', 0, [UNIT]],
  ['evaluated', 'ContractEnded', 0, BOTH],
  ['evaluated', 'ContractClosed', 0, [COMMUNITY]],
  ['lapsed', 'DeadlineMissed', 0, BOTH],
  ['terminated', 'TerminationGiven', 0, [COMMUNITY]],
  ['terminated', 'ContractTerminated', 0, BOTH],
];

describe('who is told', () => {
  it.each(TABLE)('in the life "%s" of %s (%i): %j', (life, type, nth, wanted) => {
    expect(contractNotices.recipientsOf(occasionOf(moment(life, type, nth)), DEFAULT_POLICY_DOCUMENT).map(recipientKey)).toEqual(wanted);
  });
  it('is stated above for every event that anybody is told of', () => {
    expect(TOLD_TYPES.filter((type) => !TABLE.some(([, stated]) => stated === type))).toEqual([]);
  });
  it('is the side that is waited for, where the other has done its part', () => {
    const { record, after } = moment('lapsed', 'DeadlineMissed');
    const evaluations = [{ side: 'unit', itemId: null, score: 5, comment: null, at: record.time }] as const;
    const half = occasionOf({ record, before: null, after: { ...after, evaluations } });
    const quiet = { ...DEFAULT_POLICY_DOCUMENT, missed: { tells: [] } };
    expect(contractNotices.recipientsOf(half, quiet).map(recipientKey)).toEqual([COMMUNITY]);
    expect(contractNotices.wordsFor(half, 'zh-CN').text).toMatch(/已过，尚待民悦社区。$/);
  });
});

describe('the words of a notice', () => {
  it('say whose contract it is, in every language', () => {
    for (const one of told)
      for (const { subject, text } of wordsOf(one)) {
        expect(`${subject} ${text}`).toMatch(/民悦社区.*住建局.*2024/);
        expect(`${subject} ${text}`).not.toMatch(/null|undefined|NaN|\[object/);
      }
  });
  it('never hold a reason or a comment', () => {
    expect(JSON.stringify(EVERY_MOMENT.map(({ record }) => record.data))).toMatch(/SECRET-reason.*SECRET-comment/);
    expect(JSON.stringify(told.map(wordsOf))).not.toMatch(/SECRET/);
  });
  it('say what is to be done next', () => {
    const [zh, en] = wordsOf(moment('signed', 'SignatureGiven', 0));
    expect(zh).toEqual({
      subject: '待签署：民悦社区与住建局2024年度共建契约',
      text: '住建局已签署民悦社区与住建局2024年度共建契约，请您方签署。',
    });
    expect(en?.text).toBe('住建局 has signed the contract of 民悦社区 and 住建局, 2024. Your side is to sign.');
    expect(wordsOf(moment('evaluated', 'ItemFinished'))[0]?.subject).toBe('请评价：安装太阳能路灯');
    expect(wordsOf(moment('evaluated', 'DeadlineApproaching'))[0]?.text).toMatch(/^双方评价项目“安装太阳能路灯”的期限为.*，尚待住建局。$/);
    expect(wordsOf(moment('amended', 'ContractAmended', 0))[0]?.text).toBe('双方同意变更民悦社区与住建局2024年度共建契约，请双方按新条款签署。');
    expect(wordsOf(moment('terminated', 'TerminationGiven'))[1]?.text).toMatch(/It ends at Wednesday 24 January 2024, 00:00\.$/);
  });
  it('pass quiet hours from the second rung on', () => {
    const urgent = told.filter((one) => contractNotices.isUrgent(occasionOf(one))).map(({ record }) => record.type);
    expect(new Set(urgent)).toEqual(new Set(['Escalated']));
    expect(contractNotices.isUrgent(occasionOf(moment('unsigned', 'Escalated', 0)))).toBe(false);
  });
});

it('what a contract has missed its unit cannot switch off, and no person is behind it', () => {
  const { record, after } = moment('unsigned', 'DeadlineMissed');
  expect([contractNotices.leadOf(after), contractNotices.authorOf(after), contractNotices.policyOf(after)]).toEqual(['住建局', null, 'default-1']);
  expect([contractNotices.sealedPersonsOf(record, after), contractNotices.withPersons(after, new Map())]).toEqual([[], after]);
});
