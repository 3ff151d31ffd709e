import type { Texts } from '@qiyue/civic-domain';
import type { PublicContractCommandType } from '@qiyue/contract-domain';

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicContractCommandType, Texts>> = {
  propose: {
    'zh-CN': '拟定单位与社区一年的共建契约，任一方均可提出',
    en: 'propose a contract of a unit and a community for a year, by either of the two',
  },
  sign: { 'zh-CN': '代表本方签字；第二方签字后生效', en: 'sign for your side; the second signature brings it into force' },
  withdraw: { 'zh-CN': '撤回拟定的契约，或表明不予签字', en: 'take the proposal back, or say that you will not sign it' },
  amend: { 'zh-CN': '提议变更条款，须对方同意', en: 'propose other terms; the other side has to agree' },
  'agree-amendment': { 'zh-CN': '同意对方提议的变更', en: 'agree to what the other side wants changed' },
  'decline-amendment': {
    'zh-CN': '不同意对方提议的变更，或收回本方的提议',
    en: 'say no to what the other side wants changed, or take your own wish back',
  },
  'finish-item': { 'zh-CN': '报告一项已完成，随后由双方评价', en: 'say that an item is done; both sides evaluate it then' },
  evaluate: {
    'zh-CN': '为对方评分：针对已完成的一项，或契约到期后的整体',
    en: 'score the other side, for an item that is done or for the whole contract when it has ended',
  },
  terminate: {
    'zh-CN': '通知解除契约，写明理由；通知期满后生效',
    en: 'give notice of termination, with a reason; it takes effect when the notice is over',
  },
};
