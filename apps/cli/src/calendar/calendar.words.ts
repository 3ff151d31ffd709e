import type { Answer, DayKind, DescribedDay, ExplainedDay } from '@qiyue/calendar';
import type { Language } from '../context';

type Words = Readonly<Record<Language, string>>;
type Failure = Exclude<Answer<never>, { readonly ok: true }>;

const WEEKDAYS: Readonly<Record<Language, readonly string[]>> = {
  'zh-CN': ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
};
const KINDS: Readonly<Record<DayKind | 'starting-day', Words>> = {
  working: { 'zh-CN': '工作日', en: 'working day' },
  weekend: { 'zh-CN': '周末', en: 'weekend' },
  holiday: { 'zh-CN': '放假', en: 'holiday' },
  'make-up': { 'zh-CN': '调休上班', en: 'worked weekend' },
  'starting-day': { 'zh-CN': '起算日（不计）', en: 'starting day (not counted)' },
};
const MALFORMED: Readonly<Record<Extract<Failure, { readonly why: 'malformed' }>['what'], Words>> = {
  date: { 'zh-CN': '不是存在的日期（格式 2025-01-31）', en: 'no date that exists (written 2025-01-31)' },
  instant: { 'zh-CN': '不是带时区的时间', en: 'no time with an offset' },
  count: { 'zh-CN': '不是整数天数', en: 'no whole number of days' },
  'office-hours': { 'zh-CN': '不是有效的办公时间', en: 'no office hours' },
};

export const weekdayWord = (weekday: number, language: Language): string => WEEKDAYS[language][weekday - 1] ?? '';
export const kindWord = (kind: DayKind | 'starting-day', language: Language): string => KINDS[kind][language];
export const nameOf = ({ name, nameEn }: DescribedDay | ExplainedDay, language: Language): string =>
  (language === 'en' ? (nameEn ?? name) : name) ?? '';

/** Why there is no answer, as a sentence. */
export const failureWords = (failure: Failure, language: Language): string => {
  if (failure.why === 'malformed') return MALFORMED[failure.what][language];
  return language === 'zh-CN'
    ? `日历没有 ${failure.year} 年的安排：请等国务院通知公布后导入新日历`
    : `the calendar does not cover ${failure.year}: import a newer one once the notice is out`;
};
