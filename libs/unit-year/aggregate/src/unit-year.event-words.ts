import type { ClockEvent, Texts } from '@qiyue/civic-domain';
import type { UnitYearEventType } from '@qiyue/unit-year-domain';

/** What its events are called, where people read of them; those of a deadline beside, as every kind calls them. An event without a row does not compile. */
export const UNIT_YEAR_EVENT_WORDS: Readonly<Record<Exclude<UnitYearEventType, ClockEvent['type']>, Texts>> = {
  UnitYearOpened: { 'zh-CN': '开立年度', en: 'year opened' },
  BudgetSet: { 'zh-CN': '设定经费', en: 'budget set' },
  BudgetAdjusted: { 'zh-CN': '调整经费', en: 'budget adjusted' },
  FundsReserved: { 'zh-CN': '预留资金', en: 'funds reserved' },
  ReservationResized: { 'zh-CN': '调整预留', en: 'reservation resized' },
  FundsCommitted: { 'zh-CN': '列支资金', en: 'funds committed' },
  FundsReleased: { 'zh-CN': '释放资金', en: 'funds released' },
  PledgeMade: { 'zh-CN': '作出承诺', en: 'pledge made' },
  PledgeAmended: { 'zh-CN': '修改承诺', en: 'pledge amended' },
  PledgeWithdrawn: { 'zh-CN': '撤回承诺', en: 'pledge withdrawn' },
  PledgesPublished: { 'zh-CN': '公布承诺', en: 'pledges published' },
  PledgeLinked: { 'zh-CN': '承诺对接需求', en: 'pledge linked to a need' },
  PledgeUnlinked: { 'zh-CN': '取消对接', en: 'pledge unlinked' },
  PledgesUnderWay: { 'zh-CN': '全部承诺已对接', en: 'all pledges under way' },
  PledgeContested: { 'zh-CN': '对承诺提出异议', en: 'pledge contested' },
  PledgeSettled: { 'zh-CN': '裁定异议', en: 'contest settled' },
  PledgeFulfilled: { 'zh-CN': '承诺兑现', en: 'pledge fulfilled' },
  PledgeFailed: { 'zh-CN': '承诺未兑现', en: 'pledge failed' },
  PledgeCarriedOver: { 'zh-CN': '承诺结转下年', en: 'pledge carried over' },
  UnitYearClosed: { 'zh-CN': '年度结账', en: 'year closed' },
};
