import type { Texts } from '@qiyue/civic-domain';
import type { PublicDecisionCommandType } from '@qiyue/decision-domain';

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicDecisionCommandType, Texts>> = {
  open: { 'zh-CN': '就一项需求发起业主共同决定，附业主名册和方案', en: 'open a decision of the owners on a need, with roster and plan' },
  'hold-council': { 'zh-CN': '记录一次居民议事会', en: 'record a residents’ council' },
  visit: { 'zh-CN': '记录一次入户走访及该户意见', en: 'record a visit to a household and where it stands' },
  object: { 'zh-CN': '以一户的名义对方案提出异议', en: 'object to the plan, for a room' },
  mediate: { 'zh-CN': '记录与一户的一次调解', en: 'record a round of mediation with a household' },
  'revise-plan': {
    'zh-CN': '表决前修改方案；此前的意见仍属原方案',
    en: 'change the plan before the ballot; what was said stays with the plan of then',
  },
  'open-ballot': { 'zh-CN': '开始表决；名册自此冻结', en: 'open the ballot: the roster is frozen from here on' },
  vote: { 'zh-CN': '为一名业主投票，按房号或业主', en: 'cast the ballot of an owner, by room or owner' },
  'close-ballot': { 'zh-CN': '在表决自行截止前结束并计票', en: 'close the ballot before it closes by itself, and count' },
  sign: { 'zh-CN': '为已投票的一户取得签字', en: 'take the signature of a room whose ballot was cast' },
  'post-notice': { 'zh-CN': '公示若干天', en: 'post the public notice for a number of days' },
  challenge: { 'zh-CN': '公示期内提出异议', en: 'challenge the decision while its notice is up' },
  settle: { 'zh-CN': '裁定异议，写明理由', en: 'decide a challenge, with a reason' },
  confirm: {
    'zh-CN': '主管部门批准或备案；或确认属于应急',
    en: 'approve the decision or take it to the files, as the authority; or confirm an emergency',
  },
  cancel: { 'zh-CN': '放弃该决定，须未为其预留资金', en: 'give the decision up while no money is held for it' },
  'declare-emergency': { 'zh-CN': '申明工程不能等待表决', en: 'declare that the works cannot wait for a vote' },
  draw: { 'zh-CN': '提取为工程预留的资金', en: 'draw money that is held for the works' },
  repay: { 'zh-CN': '记录已提取而不再用于工程的资金已退回', en: 'record that money was paid back that was drawn and is not for the works any more' },
  'audit-account': { 'zh-CN': '记录工程账目已经审计', en: 'record that the account of the works was audited' },
};
