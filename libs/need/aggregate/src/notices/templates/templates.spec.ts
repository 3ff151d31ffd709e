import { describe, expect, it } from '@jest/globals';
import { eventOf } from '@qiyue/engine';
import type { NeedEvent } from '@qiyue/need-domain';
import { LIVES, type Moment, type ToldLife } from '../../testing/told-life';
import { isTold } from '../told';
import { LANGUAGES } from '@qiyue/civic-domain';
import { dateInWords } from '@qiyue/notices';
import { needNotices } from '../need.notices';

const wordsOf = ({ record, before, after }: Moment) => {
  const event = eventOf<NeedEvent>(record);
  return isTold(event) ? LANGUAGES.map((language) => needNotices.wordsFor({ event, by: record.actor, before, after }, language)) : [];
};
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
    const corrections = everything.filter(({ record }) => record.type === 'NeedCorrected');
    expect(corrections.length).toBeGreaterThan(0);
    for (const moment of corrections) {
      const [zh, en] = wordsOf(moment);
      expect(zh?.text).toMatch(/^中心更正了这项需求的(?:承诺日期|社区|小区|位置|类型|类别|紧急程度|、)+，理由登录后见需求页面。$/);
      expect(en?.text).toMatch(/^The centre has corrected the [\w ,]+; the page of the need says why to those who sign in\.$/);
    }
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
