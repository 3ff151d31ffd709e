import type { Texts } from '@qiyue/civic-domain';
import type { PledgeState, UnitYearStage, UnitYearStatus } from '@qiyue/unit-year-domain';

/** What each stage is called, where people read of it. */
export const UNIT_YEAR_STAGE_TEXTS: Readonly<Record<UnitYearStage, Texts>> = {
  pledging: { 'zh-CN': '承诺中', en: 'pledging' },
  published: { 'zh-CN': '承诺已公布', en: 'published' },
  fulfilling: { 'zh-CN': '履诺中', en: 'fulfilling' },
  closed: { 'zh-CN': '年度已结', en: 'closed' },
};

/** The same of what it is in finer words. */
export const UNIT_YEAR_STATUS_TEXTS: Readonly<Record<UnitYearStatus, Texts>> = {
  promising: { 'zh-CN': '正在承诺', en: 'promising' },
  matching: { 'zh-CN': '对接需求中', en: 'being matched with needs' },
  'at-work': { 'zh-CN': '办理中', en: 'at work' },
  settling: { 'zh-CN': '结算中', en: 'settling' },
  ended: { 'zh-CN': '已结束', en: 'ended' },
};

/** What became of a pledge. */
export const PLEDGE_STATE_TEXTS: Readonly<Record<PledgeState, Texts>> = {
  promised: { 'zh-CN': '已承诺', en: 'promised' },
  linked: { 'zh-CN': '已对接需求', en: 'linked to a need' },
  contested: { 'zh-CN': '有异议', en: 'contested' },
  fulfilled: { 'zh-CN': '已兑现', en: 'fulfilled' },
  failed: { 'zh-CN': '未兑现', en: 'failed' },
  'carried-over': { 'zh-CN': '结转下年', en: 'carried over' },
  withdrawn: { 'zh-CN': '已撤回', en: 'withdrawn' },
};
