import { DEFAULT_RETENTION, type DeadlineStage, type PolicyDocument, type Urgency, type Window } from '@qiyue/civic-domain';
import type { Language } from '../context';

type Words = Readonly<Record<Language, string>>;

const STAGES: Readonly<Record<DeadlineStage, Words>> = {
  submitted: { 'zh-CN': '认领', en: 'claim' },
  claimed: { 'zh-CN': '资金', en: 'money' },
  funded: { 'zh-CN': '完工', en: 'works' },
  done: { 'zh-CN': '评价', en: 'evaluation' },
};
const URGENCY: Readonly<Record<Urgency, Words>> = {
  normal: { 'zh-CN': '一般', en: 'normal' },
  urgent: { 'zh-CN': '紧急', en: 'urgent' },
  emergency: { 'zh-CN': '突发', en: 'emergency' },
};

/** A policy as a person reads it. */
export const policyLines = (policy: PolicyDocument, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  const { officeHours, deadlines, ladder, extension, returnWorkingDays, reopenDays, evaluation, retention = DEFAULT_RETENTION } = policy;
  return [
    `${policy.name}  ${policy.version}  ${zh ? `自 ${policy.effectiveFrom} 起` : `from ${policy.effectiveFrom}`}`,
    `${zh ? '办公时间' : 'office hours'}  ${officeHours.map(({ opens, closes }) => `${opens}–${closes}`).join(zh ? '、' : ', ')}`,
    ...deadlines.map(
      ({ stage, urgency, category, within, basis }) =>
        `${STAGES[stage][language]}${urgency === undefined ? '' : ` ${URGENCY[urgency][language]}`}${category === undefined ? '' : ` ${category}`}  ${windowWords(within, zh)}  ${basis}`,
    ),
    ...ladder.map(({ level, name, afterWorkingDays, afterHours, tells }) =>
      zh
        ? `第 ${level} 级 ${name}  逾期后 ${afterWorkingDays} 个工作日（按小时的为 ${afterHours} 小时）  告知 ${tells.join('、')}`
        : `rung ${level} ${name}  ${afterWorkingDays} working days after (${afterHours} hours on one in hours)  tells ${tells.join(', ')}`,
    ),
    zh
      ? `退单 ${returnWorkingDays} 个工作日  延期最多 ${extension.workingDaysMax} 个工作日  逾期 ${evaluation.lapseAfterWorkingDays} 个工作日未评即办结  ${reopenDays} 天内可重办`
      : `return within ${returnWorkingDays} working days  extension of at most ${extension.workingDaysMax}  evaluation closed ${evaluation.lapseAfterWorkingDays} working days after its deadline  reopen within ${reopenDays} days`,
    zh
      ? `办结后保存：联系方式 ${retention.contactYears} 年，个人内容 ${retention.personalYears} 年，部门意见 ${retention.officialYears} 年`
      : `opened after the end for: contacts ${retention.contactYears} years, personal words ${retention.personalYears}, reasons and notes ${retention.officialYears}`,
  ];
};

const windowWords = (window: Window, zh: boolean): string => {
  if ('workingDays' in window) return zh ? `${window.workingDays} 个工作日` : `${window.workingDays} working days`;
  if ('hours' in window) return zh ? `${window.hours} 小时` : `${window.hours} hours`;
  return zh ? `当天，至少 ${window.sameDayAtLeastHours} 小时` : `the same day, at least ${window.sameDayAtLeastHours} hours`;
};
