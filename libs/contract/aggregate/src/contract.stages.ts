import type { Texts } from '@qiyue/civic-domain';
import type { ContractStage, ContractStatus } from '@qiyue/contract-domain';

/** What each stage is called, where people read of it. */
export const CONTRACT_STAGE_TEXTS: Readonly<Record<ContractStage, Texts>> = {
  proposed: { 'zh-CN': '待签约', en: 'proposed' },
  'in-force': { 'zh-CN': '履约中', en: 'in force' },
  evaluating: { 'zh-CN': '年终评价中', en: 'evaluating' },
  closed: { 'zh-CN': '已结束', en: 'closed' },
};

/** The same of what it is in finer words. */
export const CONTRACT_STATUS_TEXTS: Readonly<Record<ContractStatus, Texts>> = {
  'awaiting-signatures': { 'zh-CN': '等待双方签字', en: 'waits for both signatures' },
  'awaiting-second-signature': { 'zh-CN': '等待另一方签字', en: 'waits for the other signature' },
  running: { 'zh-CN': '履行中', en: 'running' },
  'under-notice': { 'zh-CN': '已通知解除', en: 'under notice' },
  'awaiting-evaluations': { 'zh-CN': '等待评价', en: 'waits for evaluations' },
  evaluated: { 'zh-CN': '已评价', en: 'evaluated' },
  lapsed: { 'zh-CN': '逾期未评', en: 'lapsed' },
  unsigned: { 'zh-CN': '未签成', en: 'never signed' },
  withdrawn: { 'zh-CN': '已撤回', en: 'withdrawn' },
  terminated: { 'zh-CN': '已解除', en: 'terminated' },
};
