import type { Texts } from '@qiyue/civic-domain';
import type { UnitYearStage } from '@qiyue/unit-year-domain';

/** What each stage is called, where people read of it. */
export const UNIT_YEAR_STAGE_TEXTS: Readonly<Record<UnitYearStage, Texts>> = {
  pledging: { 'zh-CN': '承诺中', en: 'pledging' },
  published: { 'zh-CN': '承诺已公布', en: 'published' },
  fulfilling: { 'zh-CN': '履诺中', en: 'fulfilling' },
  closed: { 'zh-CN': '年度已结', en: 'closed' },
};
