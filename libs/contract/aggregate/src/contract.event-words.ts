import type { ClockEvent, Texts } from '@qiyue/civic-domain';
import type { ContractEventType } from '@qiyue/contract-domain';

/** What its events are called, where people read of them; those of a deadline beside, as every kind calls them. An event without a row does not compile. */
export const CONTRACT_EVENT_WORDS: Readonly<Record<Exclude<ContractEventType, ClockEvent['type']>, Texts>> = {
  ContractProposed: { 'zh-CN': '拟定契约', en: 'proposed' },
  SignatureGiven: { 'zh-CN': '签字', en: 'signed' },
  ContractInForce: { 'zh-CN': '生效', en: 'in force' },
  ContractWithdrawn: { 'zh-CN': '撤回', en: 'withdrawn' },
  AmendmentProposed: { 'zh-CN': '提议变更', en: 'amendment proposed' },
  AmendmentDeclined: { 'zh-CN': '不同意变更', en: 'amendment declined' },
  ContractAmended: { 'zh-CN': '变更生效', en: 'amended' },
  ItemFinished: { 'zh-CN': '完成一项', en: 'item finished' },
  SideEvaluated: { 'zh-CN': '评价', en: 'evaluated' },
  TerminationGiven: { 'zh-CN': '通知解除', en: 'notice of termination given' },
  ContractTerminated: { 'zh-CN': '解除', en: 'terminated' },
  ContractEnded: { 'zh-CN': '期满', en: 'ended' },
  ContractClosed: { 'zh-CN': '办结', en: 'closed' },
};
