import { LIGHT_TEXTS, wordColumns, wordOf, type WordColumn } from '@qiyue/aggregate';
import { DEED_KIND_NAMES, type Language, type Texts } from '@qiyue/civic-domain';
import type { NeedListItem } from '@qiyue/need-views';
import { NEED_STAGE_TEXTS, NEED_STATUS_TEXTS } from './need.stages';
import { waitingText } from './need.waiting-texts';

const URGENCIES: Readonly<Record<NonNullable<NeedListItem['urgency']>, Texts>> = {
  normal: { 'zh-CN': '一般', en: 'normal' },
  urgent: { 'zh-CN': '紧急', en: 'urgent' },
  emergency: { 'zh-CN': '应急', en: 'emergency' },
};
const YES_OR_NO = { yes: { 'zh-CN': '是', en: 'yes' }, no: { 'zh-CN': '否', en: 'no' } } as const;
const BETWEEN: Readonly<Record<Language, string>> = { 'zh-CN': '；', en: '; ' };

const COLUMNS: readonly WordColumn<NeedListItem>[] = [
  ['编号', 'Number', 18, ({ number }) => number, 'brief'],
  ['需求', 'Need', 40, ({ title }) => title, 'brief'],
  ['类别', 'Kind', 10, ({ kind }, language) => DEED_KIND_NAMES[language][kind]],
  ['事项', 'Category', 14, ({ category }) => category],
  ['紧急程度', 'Urgency', 10, ({ urgency }, language) => wordOf(URGENCIES, urgency, language)],
  ['社区', 'Community', 16, ({ community }) => community, 'brief'],
  ['小区', 'Compound', 16, ({ compound }) => compound],
  ['认领单位', 'Claimed by', 20, ({ unit }) => unit, 'brief'],
  ['阶段', 'Stage', 12, ({ stage }, language) => NEED_STAGE_TEXTS[stage][language], 'brief'],
  ['状态', 'Status', 18, ({ status }, language) => NEED_STATUS_TEXTS[status][language]],
  ['等待', 'Waits for', 24, ({ waitsFor }, language) => waitsFor.map((one) => waitingText(one, language)).join(BETWEEN[language]), 'brief'],
  ['灯', 'Light', 8, ({ light }, language) => wordOf(LIGHT_TEXTS, light, language), 'brief'],
  ['级别', 'Rung', 8, ({ escalatedTo }) => escalatedTo],
  ['曾超期', 'Was late', 8, ({ late }, language) => YES_OR_NO[late ? 'yes' : 'no'][language]],
  ['期限', 'Due', 20, ({ dueAt }) => dueAt, 'brief'],
  ['承诺日期', 'Promised', 20, ({ promisedBy }) => promisedBy],
  ['提出日期', 'Submitted', 20, ({ createdAt }) => createdAt],
  ['更新日期', 'Changed', 20, ({ updatedAt }) => updatedAt],
  ['标识', 'Id', 30, ({ needId }) => needId],
];

/** A list of needs as a table, in the reader's language. */
export const needColumns = wordColumns(COLUMNS);
