import type { WordColumn } from '@qiyue/aggregate';
import { DEED_KIND_NAMES, type DeedKind, type Language, type Texts } from '@qiyue/civic-domain';
import type { NeedStage } from '@qiyue/need-domain';
import { NEED_STAGE_TEXTS } from '../need.stages';
import type { FigureGroup } from './figures-query';

/** By what the rows of a table of figures are put together. */
export type RowGroup = FigureGroup | 'stage';

const GROUPS: Readonly<Record<RowGroup, Texts>> = {
  unit: { 'zh-CN': '单位', en: 'Unit' },
  community: { 'zh-CN': '社区', en: 'Community' },
  category: { 'zh-CN': '事项', en: 'Category' },
  kind: { 'zh-CN': '类别', en: 'Kind' },
  year: { 'zh-CN': '年度', en: 'Year' },
  month: { 'zh-CN': '月份', en: 'Month' },
  stage: { 'zh-CN': '阶段', en: 'Stage' },
};
const ALL: Texts = { 'zh-CN': '合计', en: 'All' };

const KEYS: Readonly<Partial<Record<RowGroup, (key: string, language: Language) => string>>> = {
  kind: (key, language) => DEED_KIND_NAMES[language][key as DeedKind],
  stage: (key, language) => NEED_STAGE_TEXTS[key as NeedStage][language],
};

/** A row of figures; without a key it is the sum of all. */
export interface FigureRow {
  readonly key?: string;
}

/** What a row is of, in words. */
export const keyColumn = (by: RowGroup): WordColumn<FigureRow> => [
  GROUPS[by]['zh-CN'],
  GROUPS[by].en,
  20,
  ({ key }, language) => (key === undefined ? ALL[language] : (KEYS[by]?.(key, language) ?? key)),
  'brief',
];
