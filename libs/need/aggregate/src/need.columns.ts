import type { ListColumn } from '@qiyue/aggregate';
import { DEED_KIND_NAMES, type Language } from '@qiyue/civic-domain';
import type { NeedListItem } from '@qiyue/need-views';
import { waitingText } from './need.waiting-texts';

type Cell = string | number | null;
type Column = readonly [zh: string, en: string, width: number, of: (item: NeedListItem, language: Language) => Cell];

const BETWEEN: Readonly<Record<Language, string>> = { 'zh-CN': '；', en: '; ' };

const COLUMNS: readonly Column[] = [
  ['编号', 'Number', 18, ({ number }) => number],
  ['需求', 'Need', 40, ({ title }) => title],
  ['类别', 'Kind', 10, ({ kind }, language) => DEED_KIND_NAMES[language][kind]],
  ['事项', 'Category', 14, ({ category }) => category],
  ['紧急程度', 'Urgency', 10, ({ urgency }) => urgency],
  ['社区', 'Community', 16, ({ community }) => community],
  ['小区', 'Compound', 16, ({ compound }) => compound],
  ['认领单位', 'Claimed by', 20, ({ unit }) => unit],
  ['阶段', 'Stage', 12, ({ stage }) => stage],
  ['状态', 'Status', 18, ({ status }) => status],
  ['等待', 'Waits for', 24, ({ waitsFor }, language) => waitsFor.map((one) => waitingText(one, language)).join(BETWEEN[language])],
  ['灯', 'Light', 8, ({ light }) => light],
  ['级别', 'Rung', 8, ({ escalatedTo }) => escalatedTo],
  ['期限', 'Due', 20, ({ dueAt }) => dueAt],
  ['承诺日期', 'Promised', 20, ({ promisedBy }) => promisedBy],
  ['提出日期', 'Submitted', 20, ({ createdAt }) => createdAt],
  ['更新日期', 'Changed', 20, ({ updatedAt }) => updatedAt],
  ['标识', 'Id', 30, ({ needId }) => needId],
];

/** A list of needs as a table: headings in the reader's language, codes as they are in answers. */
export const needColumns = (language: Language): readonly ListColumn[] =>
  COLUMNS.map(([zh, en, width, of]) => ({
    ...{ heading: language === 'en' ? en : zh, width },
    of: (item) => of(item as unknown as NeedListItem, language),
  }));
