/** Everything that can be wrong with a calendar file. A new kind does not compile until it has its texts. */
export type CalendarMistakeKind =
  | 'not-json'
  | 'not-an-object'
  | 'not-a-list'
  | 'missing-field'
  | 'unknown-field'
  | 'bad-text'
  | 'bad-version'
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

export interface CalendarMistake {
  readonly kind: CalendarMistakeKind;
  /** The place in the file: `holidays[3].date`; empty for the file itself. */
  readonly where: string;
  /** The value that is wrong, shortened, or what would be right. */
  readonly detail: string;
}

/** A value that has been checked, or every mistake in it. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly mistakes: readonly CalendarMistake[] };

export type CalendarLanguage = 'zh-CN' | 'en';

/** `{detail}` is filled from the mistake. */
export const CALENDAR_MISTAKE_MESSAGES: Readonly<Record<CalendarMistakeKind, Readonly<Record<CalendarLanguage, string>>>> = {
  'not-json': { 'zh-CN': '不是有效的 JSON 文件：{detail}', en: 'not valid JSON: {detail}' },
  'not-an-object': { 'zh-CN': '应为对象 {…}', en: 'has to be an object {…}' },
  'not-a-list': { 'zh-CN': '应为列表 […]', en: 'has to be a list […]' },
  'missing-field': { 'zh-CN': '缺少此项', en: 'is missing' },
  'unknown-field': { 'zh-CN': '没有这一项，请检查拼写', en: 'is no field of this file; check the spelling' },
  'bad-text': { 'zh-CN': '应为 1 至 200 个字的文字', en: 'has to be a text of 1 to 200 characters' },
  'bad-version': {
    'zh-CN': '版本号只能用字母、数字和 . _ + -，最多 64 个字符：{detail}',
    en: 'a version has letters, digits and . _ + - only, at most 64 of them: {detail}',
  },
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

/** The mistake as a line for the reader: the place, then what is wrong there. */
export const explainMistake = ({ kind, where, detail }: CalendarMistake, language: CalendarLanguage): string => {
  const text = CALENDAR_MISTAKE_MESSAGES[kind][language].replace('{detail}', () => detail);
  return where === '' ? text : `${where}${language === 'zh-CN' ? '：' : ': '}${text}`;
};
