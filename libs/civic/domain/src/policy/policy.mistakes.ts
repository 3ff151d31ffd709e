import { explainedBy, FILE_MISTAKE_MESSAGES, type CheckedFile, type FileMistake, type FileMistakeKind, type MistakeMessages } from '@qiyue/calendar';

/** Everything that can be wrong with a policy file. A new kind does not compile until it has its texts. */
export type PolicyMistakeKind =
  | FileMistakeKind
  | 'bad-date'
  | 'bad-choice'
  | 'bad-number'
  | 'bad-office-hours'
  | 'bad-window'
  | 'bad-day-of-year'
  | 'bad-yes-or-no'
  | 'max-below-min'
  | 'not-a-share'
  | 'halfway-not-later'
  | 'no-rule' // a stage and urgency for which no rule is left: a deadline would never be
  | 'rule-never-reached' // one before it fits all that it fits
  | 'levels-not-in-order'
  | 'steps-not-later';

export type PolicyMistake = FileMistake<PolicyMistakeKind>;
export type CheckedPolicy<T> = CheckedFile<T, PolicyMistakeKind>;

export const POLICY_MISTAKE_MESSAGES: MistakeMessages<PolicyMistakeKind> = {
  ...FILE_MISTAKE_MESSAGES,
  'bad-date': { 'zh-CN': '不是日期（格式 2025-01-31）：{detail}', en: 'is no date (written 2025-01-31): {detail}' },
  'bad-choice': { 'zh-CN': '只能是下列之一：{detail}', en: 'has to be one of {detail}' },
  'bad-number': { 'zh-CN': '应为 {detail} 之间的数', en: 'has to be a number of {detail}' },
  'bad-office-hours': {
    'zh-CN': '应为按时间先后、互不重叠的时段，如 [{"opens":"08:00","closes":"12:00"}]',
    en: 'has to be sessions in order that do not overlap, as [{"opens":"08:00","closes":"12:00"}]',
  },
  'bad-window': {
    'zh-CN': '应为 {"workingDays":1–1000}、{"hours":大于 0、至多 24000} 或 {"sameDayAtLeastHours":0–24} 之一',
    en: 'has to be one of {"workingDays":1–1000}, {"hours": more than 0, at most 24000}, {"sameDayAtLeastHours":0–24}',
  },
  'bad-day-of-year': { 'zh-CN': '不是每年都有的日期（格式 03-31）：{detail}', en: 'is no day that every year has (written 03-31): {detail}' },
  'bad-yes-or-no': { 'zh-CN': '应为 true 或 false', en: 'has to be true or false' },
  'max-below-min': { 'zh-CN': '上限不能小于下限 {detail}', en: 'may not be less than the minimum, {detail}' },
  'not-a-share': { 'zh-CN': '应为不超过整体的分数', en: 'has to be a fraction that can be reached: not more than the whole' },
  'halfway-not-later': { 'zh-CN': '须晚于公布日期 {detail}', en: 'has to be later than the day to publish by, {detail}' },
  'no-rule': { 'zh-CN': '没有适用于“{detail}”的期限', en: 'has no deadline for {detail}' },
  'rule-never-reached': { 'zh-CN': '前面的规则已经涵盖，永远不会用到', en: 'is never reached: a rule before it fits all that it fits' },
  'levels-not-in-order': { 'zh-CN': '级别须从 1 起逐级递增，此处应为 {detail}', en: 'levels are 1, 2, 3 … in order; this one has to be {detail}' },
  'steps-not-later': { 'zh-CN': '须晚于上一级', en: 'has to be later than the rung before' },
};

/** The mistake as a line for the reader. */
export const explainPolicyMistake = explainedBy(POLICY_MISTAKE_MESSAGES);
