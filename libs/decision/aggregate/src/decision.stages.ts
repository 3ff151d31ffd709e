import type { Texts } from '@qiyue/civic-domain';
import type { DecisionStage, DecisionStatus } from '@qiyue/decision-domain';

/** What each stage is called, where people read of it. */
export const DECISION_STAGE_TEXTS: Readonly<Record<DecisionStage, Texts>> = {
  preparing: { 'zh-CN': '筹备中', en: 'preparing' },
  voting: { 'zh-CN': '表决中', en: 'voting' },
  counting: { 'zh-CN': '计票中', en: 'counting' },
  passed: { 'zh-CN': '已通过', en: 'passed' },
  noticing: { 'zh-CN': '结果公示中', en: 'being announced' },
  confirming: { 'zh-CN': '异议期', en: 'open to challenges' },
  declared: { 'zh-CN': '紧急维修已申报', en: 'emergency declared' },
  emergency: { 'zh-CN': '紧急维修', en: 'emergency works' },
  confirmed: { 'zh-CN': '已确认', en: 'confirmed' },
  warranty: { 'zh-CN': '质保期', en: 'under warranty' },
  ended: { 'zh-CN': '已结束', en: 'ended' },
  failed: { 'zh-CN': '未通过', en: 'failed' },
  cancelled: { 'zh-CN': '已取消', en: 'cancelled' },
};

/** The same of what it is in finer words. */
export const DECISION_STATUS_TEXTS: Readonly<Record<DecisionStatus, Texts>> = {
  consulting: { 'zh-CN': '征求意见', en: 'consulting the owners' },
  voting: { 'zh-CN': '表决中', en: 'voting' },
  counting: { 'zh-CN': '计票中', en: 'counting' },
  passed: { 'zh-CN': '已通过', en: 'passed' },
  noticing: { 'zh-CN': '公示中', en: 'being announced' },
  confirming: { 'zh-CN': '异议期', en: 'open to challenges' },
  declared: { 'zh-CN': '已申报紧急维修', en: 'emergency declared' },
  emergency: { 'zh-CN': '紧急维修中', en: 'emergency works' },
  working: { 'zh-CN': '施工中', en: 'works under way' },
  'in-warranty': { 'zh-CN': '质保期内', en: 'under warranty' },
  settling: { 'zh-CN': '资金结算中', en: 'settling the money' },
  ended: { 'zh-CN': '已结束', en: 'ended' },
  failed: { 'zh-CN': '未通过', en: 'failed' },
  cancelled: { 'zh-CN': '已取消', en: 'cancelled' },
};
