import { describe, expect, it } from '@jest/globals';
import { eventOf } from '@qiyue/engine';
import type { NeedEvent, NeedEventType } from '@qiyue/need-domain';
import { LIVES, type Moment, type ToldLife } from '../../testing/told-life';
import { isTold } from '../told';
import { LANGUAGES } from '@qiyue/civic-domain';
import { dateInWords } from '@qiyue/notices';
import { needNotices } from '../need.notices';

const wordsOf = ({ record, before, after }: Moment) => {
  const event = eventOf<NeedEvent>(record);
  return isTold(event) ? LANGUAGES.map((language) => needNotices.wordsFor({ event, by: record.actor, before, after }, language)) : [];
};
/** Events about a deadline, which they have themselves. */
const TELLS_ITS_OWN: ReadonlySet<string> = new Set([
  ...['DeadlineApproaching', 'DeadlineMissed', 'Escalated', 'DeadlineMoved', 'ClockResumed', 'ExtensionGranted'],
]);
const everything = Object.values(LIVES).flatMap((life) => life.moments);

describe('the words of a notice', () => {
  it('say which need it is, in every language', () => {
    for (const moment of everything)
      for (const { subject, text } of wordsOf(moment)) {
        expect(subject).toContain('加装扶手');
        expect(`${subject} ${text}`).not.toMatch(/null|undefined|NaN|\[object/);
      }
  });

  it('never hold a description, a contact, a plan, a reason, a comment or evidence', () => {
    expect(JSON.stringify(everything.map(({ record }) => record.data))).toMatch(/SECRET-contact.*SECRET-plan.*SECRET-reason.*SECRET-comment/);
    expect(JSON.stringify(everything.map(wordsOf))).not.toContain('SECRET');
  });

  it('name the rung as the policy calls it, with its level', () => {
    const [zh, en] = wordsOf((LIVES['slowLead'] as ToldLife).moment('Escalated', 1));
    expect(zh).toEqual({
      subject: '通报：加装扶手',
      text: `资金落实期限2024年7月4日（星期四）18:00已过，现予通报（第2级）。`,
    });
    expect(en?.text).toBe(`The deadline for funding, Thursday 4 July 2024, 18:00, has passed: level 2.`);
  });

  it('say from when to when a deadline moves, and why', () => {
    const [zh] = wordsOf((LIVES['moved'] as ToldLife).moment('DeadlineMoved'));
    expect(zh?.text).toContain('因工作日历变更，资金落实期限由2024年7月4日（星期四）18:00调整为2024年7月5日（星期五）18:00。');
  });

  it('say what was corrected, and that those who sign in see why', () => {
    const isCalledFor = ({ record }: Moment): boolean =>
      record.type === 'NeedCorrected' && (record.data as { urgency?: string }).urgency === 'emergency';
    const corrections = everything.filter((moment) => moment.record.type === 'NeedCorrected' && !isCalledFor(moment)); // those say what is to be done
    expect(corrections.length).toBeGreaterThan(0);
    for (const moment of corrections) {
      const [zh, en] = wordsOf(moment);
      expect(zh?.text).toMatch(/^中心更正了这项需求的(?:承诺日期|社区|小区|位置|类型|类别|紧急程度|、)+，理由登录后见需求页面。$/);
      expect(en?.text).toMatch(/^The centre has corrected the [\w ,]+; the page of the need says why to those who sign in\.$/);
    }
  });

  it('name the deadline behind the command, not the one before it', () => {
    const said = (life: string, type: NeedEventType) => {
      const { moments } = LIVES[life] as ToldLife;
      const moment = (LIVES[life] as ToldLife).moment(type);
      const [zh, en] = wordsOf(moment);
      const { dueAt } = (moments.filter(({ record }) => record.time === moment.record.time).at(-1) as Moment).after;
      return [zh?.text.includes(dateInWords(dueAt, 'zh-CN')), en?.text.includes(dateInWords(dueAt, 'en'))];
    };
    const named = [
      ...[said('madeEmergency', 'NeedAmended'), said('lowered', 'UrgencyConfirmed'), said('confirmed', 'UrgencyConfirmed')],
      ...[said('correctedToEmergency', 'NeedCorrected'), said('emergency', 'WhistleBlown'), said('dispatchedEmergency', 'NeedDispatched')],
    ];
    expect(named.flat()).toEqual(named.flat().map(() => true));
  });

  it('name no other deadline than that behind the command, whatever the event', () => {
    for (const { moments } of Object.values(LIVES))
      for (const moment of moments) {
        const behind = moments.filter(({ record }) => record.time === moment.record.time).at(-1)?.after.dueAt ?? null;
        const { dueAt } = moment.record.data as { readonly dueAt?: string };
        if (TELLS_ITS_OWN.has(moment.record.type)) expect(dueAt).toBeDefined();
        else if (moment.after.dueAt !== behind)
          expect([moment.record.type, JSON.stringify(wordsOf(moment)).includes(dateInWords(moment.after.dueAt, 'zh-CN'))]).toEqual([
            moment.record.type,
            false,
          ]);
      }
  });

  it('say to whom an emergency is sent that it is one, and until when it is to be claimed', () => {
    const [dispatched] = wordsOf((LIVES['dispatchedEmergency'] as ToldLife).moment('NeedDispatched'));
    expect(dispatched).toEqual({
      subject: '紧急派单：加装扶手',
      text: '中心派单，请Water办理，答复期限2024年7月1日（星期一）09:01；该需求为紧急需求，认领期限2024年7月1日（星期一）10:00。',
    });
    const [whistled] = wordsOf((LIVES['emergency'] as ToldLife).moment('WhistleBlown'));
    expect(whistled?.subject).toBe('紧急吹哨：加装扶手');
  });

  it('say so when a date is not known yet', () => {
    expect([dateInWords(null, 'zh-CN'), dateInWords(null, 'en')]).toEqual(['日期待定', 'a date to be set']);
  });

  it.each([
    ['2024-12-31T23:59:00.000+08:00', '2024年12月31日（星期二）23:59', 'Tuesday 31 December 2024, 23:59'],
    ['2025-01-26T00:00:00.000+08:00', '2025年1月26日（星期日）00:00', 'Sunday 26 January 2025, 00:00'],
    ['2025-01-25T16:00:00.000Z', '2025年1月26日（星期日）00:00', 'Sunday 26 January 2025, 00:00'],
  ])('say %s as people do', (instant, zh, en) => {
    expect([dateInWords(instant, 'zh-CN'), dateInWords(instant, 'en')]).toEqual([zh, en]);
  });
});
