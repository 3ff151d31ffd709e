import { explainedBy, FILE_MISTAKE_MESSAGES, type CheckedFile, type FileMistake, type FileMistakeKind, type MistakeMessages } from './file.mistakes';

/** Everything that can be wrong with a calendar file. A new kind does not compile until it has its texts. */
export type CalendarMistakeKind =
  | FileMistakeKind
  | 'bad-date'
  | 'bad-kind'
  | 'range-reversed'
  | 'range-too-long'
  | 'not-whole-years'
  | 'year-without-holidays' // covered, but nobody has listed its days: the silent guess that must not be
  | 'outside-coverage'
  | 'listed-twice'
  | 'make-up-on-weekday'
  | 'wrong-base'
  | 'not-listed'
  | 'coverage-shrinks';

export type CalendarMistake = FileMistake<CalendarMistakeKind>;

/** A value that has been checked, or every mistake in it. */
export type Checked<T> = CheckedFile<T, CalendarMistakeKind>;

/** `{detail}` is filled from the mistake. */
export const CALENDAR_MISTAKE_MESSAGES: MistakeMessages<CalendarMistakeKind> = {
  ...FILE_MISTAKE_MESSAGES,
  'bad-date': { 'zh-CN': '不是存在的日期（格式 2025-01-31）：{detail}', en: 'is no date that exists (written 2025-01-31): {detail}' },
  'bad-kind': { 'zh-CN': '应为 holiday（放假）或 make-up（补班）：{detail}', en: 'has to be holiday or make-up: {detail}' },
  'range-reversed': { 'zh-CN': '结束日早于开始日', en: 'ends before it begins' },
  'range-too-long': { 'zh-CN': '覆盖范围超过 {detail} 年', en: 'covers more than {detail} years' },
  'not-whole-years': { 'zh-CN': '须覆盖整年（1 月 1 日至 12 月 31 日）', en: 'has to cover whole years (1 January to 31 December)' },
  'year-without-holidays': {
    'zh-CN': '声明覆盖 {detail} 年，但没有列出该年任何放假日',
    en: 'claims to cover {detail}, but lists no holiday of that year',
  },
  'outside-coverage': { 'zh-CN': '{detail} 不在覆盖范围内', en: '{detail} is outside the covered days' },
  'listed-twice': { 'zh-CN': '{detail} 已列出过', en: '{detail} is listed already' },
  'make-up-on-weekday': {
    'zh-CN': '{detail} 是周一至周五，本来就是工作日，不能列为补班日',
    en: '{detail} is a Monday to Friday, a working day anyway, so it cannot be a make-up day',
  },
  'wrong-base': {
    'zh-CN': '此文件不是为当前日历编写的，当前日历版本为 {detail}',
    en: 'was not written for this calendar, whose version is {detail}',
  },
  'not-listed': { 'zh-CN': '{detail} 不在日历所列日期中', en: '{detail} is not among the listed days' },
  'coverage-shrinks': { 'zh-CN': '不能早于原日历的最后一天 {detail}', en: "cannot be before the calendar's last day, {detail}" },
};

/** The mistake as a line for the reader. */
export const explainMistake = explainedBy(CALENDAR_MISTAKE_MESSAGES);
