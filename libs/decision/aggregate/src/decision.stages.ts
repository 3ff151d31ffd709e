import type { Texts } from '@qiyue/civic-domain';
import type { DecisionStage } from '@qiyue/decision-domain';

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
