import type { ListColumn } from '@qiyue/aggregate';
import { DEED_KIND_NAMES, type Language, type Texts } from '@qiyue/civic-domain';
import type { NeedListItem } from '@qiyue/need-views';
import { NEED_STAGE_TEXTS } from './need.stages';
import { waitingText } from './need.waiting-texts';

type Cell = string | number | null;
type Column = readonly [zh: string, en: string, width: number, of: (item: NeedListItem, language: Language) => Cell];

const URGENCIES: Readonly<Record<NonNullable<NeedListItem['urgency']>, Texts>> = {
  normal: { 'zh-CN': '一般', en: 'normal' },
  urgent: { 'zh-CN': '紧急', en: 'urgent' },
  emergency: { 'zh-CN': '应急', en: 'emergency' },
};
/** Lights in words. */
export const LIGHT_TEXTS: Readonly<Record<NonNullable<NeedListItem['light']>, Texts>> = {
  green: { 'zh-CN': '绿', en: 'green' },
  yellow: { 'zh-CN': '黄', en: 'yellow' },
  red: { 'zh-CN': '红', en: 'red' },
  paused: { 'zh-CN': '暂停', en: 'paused' },
};

/** What a line on a terminal has room for. */
const BRIEF: ReadonlySet<string> = new Set(['Number', 'Need', 'Community', 'Claimed by', 'Stage', 'Waits for', 'Light', 'Due']);

const BETWEEN: Readonly<Record<Language, string>> = { 'zh-CN': '；', en: '; ' };

const COLUMNS: readonly Column[] = [
  ['编号', 'Number', 18, ({ number }) => number],
  ['需求', 'Need', 40, ({ title }) => title],
  ['类别', 'Kind', 10, ({ kind }, language) => DEED_KIND_NAMES[language][kind]],
  ['事项', 'Category', 14, ({ category }) => category],
  ['紧急程度', 'Urgency', 10, ({ urgency }, language) => urgency && URGENCIES[urgency][language]],
  ['社区', 'Community', 16, ({ community }) => community],
  ['小区', 'Compound', 16, ({ compound }) => compound],
  ['认领单位', 'Claimed by', 20, ({ unit }) => unit],
  ['阶段', 'Stage', 12, ({ stage }, language) => NEED_STAGE_TEXTS[stage][language]],
  ['状态', 'Status', 18, ({ status }) => status],
  ['等待', 'Waits for', 24, ({ waitsFor }, language) => waitsFor.map((one) => waitingText(one, language)).join(BETWEEN[language])],
  ['灯', 'Light', 8, ({ light }, language) => light && LIGHT_TEXTS[light][language]],
  ['级别', 'Rung', 8, ({ escalatedTo }) => escalatedTo],
  ['期限', 'Due', 20, ({ dueAt }) => dueAt],
  ['承诺日期', 'Promised', 20, ({ promisedBy }) => promisedBy],
  ['提出日期', 'Submitted', 20, ({ createdAt }) => createdAt],
  ['更新日期', 'Changed', 20, ({ updatedAt }) => updatedAt],
  ['标识', 'Id', 30, ({ needId }) => needId],
];

/** A list of needs as a table, in the reader's language; a status is the code that answers have. */
export const needColumns = (language: Language): readonly ListColumn[] =>
  COLUMNS.map(([zh, en, width, of]) => ({
    ...{ heading: language === 'en' ? en : zh, width },
    ...(BRIEF.has(en) ? { isBrief: true as const } : {}),
    of: (item) => of(item as unknown as NeedListItem, language),
  }));
