import type { Texts } from '@qiyue/civic-domain';
import type { ContractStage } from '@qiyue/contract-domain';

/** What each stage is called, where people read of it. */
export const CONTRACT_STAGE_TEXTS: Readonly<Record<ContractStage, Texts>> = {
  proposed: { 'zh-CN': '待签约', en: 'proposed' },
  'in-force': { 'zh-CN': '履约中', en: 'in force' },
  evaluating: { 'zh-CN': '年终评价中', en: 'evaluating' },
  closed: { 'zh-CN': '已结束', en: 'closed' },
};
