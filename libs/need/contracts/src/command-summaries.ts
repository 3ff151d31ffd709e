import type { Texts } from '@qiyue/civic-domain';
import type { PublicNeedCommandType } from '@qiyue/need-domain';

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicNeedCommandType, Texts>> = {
  submit: { 'zh-CN': '将需求列入清单', en: 'write a need on the list' },
  amend: {
    'zh-CN': '在认领之前修改需求；本人填写的本人信息之后也可修改',
    en: 'change what a need asks for, before anybody claims it; what one wrote of oneself, later too',
  },
  withdraw: { 'zh-CN': '撤回本人的需求', en: 'take back a need of one’s own' },
  reject: { 'zh-CN': '不予受理，写明理由', en: 'turn a need down, with a reason' },
  merge: { 'zh-CN': '并入另一件相同的需求', en: 'put a need to another one that asks for the same' },
  inspect: { 'zh-CN': '记录现场核实的情况', en: 'write down what an inspection of the place found' },
  claim: { 'zh-CN': '代表部门认领需求，写明办法和日期', en: 'take a need on for a department, with a plan and a date' },
  return: { 'zh-CN': '退单，写明理由', en: 'give a claim back, with a reason' },
  fund: { 'zh-CN': '写明出资金额、出资方和凭证号', en: 'say how much is paid, by whom, under which reference' },
  'adjust-funding': { 'zh-CN': '调整金额：超支、结余或笔误', en: 'change the amount: an overrun, a saving, a typing error' },
  'cancel-works': {
    'zh-CN': '取消已落实资金的施工；资金退回，需求回到主办部门',
    en: 'stop what was funded; the money goes back, the need to its lead',
  },
  start: { 'zh-CN': '开工', en: 'begin the works' },
  progress: { 'zh-CN': '报告施工进度', en: 'tell how far the works are' },
  complete: { 'zh-CN': '报完工，附证明材料', en: 'say that the works are complete, with evidence' },
  accept: { 'zh-CN': '验收合格', en: 'take the works over' },
  'refuse-works': { 'zh-CN': '验收不合格，写明理由', en: 'do not take the works over, with a reason' },
  evaluate: { 'zh-CN': '为办理结果评分，代表居民或社区一方', en: 'score what was done, for the residents’ or the community’s side' },
  reopen: { 'zh-CN': '重新办理已评价的需求，写明理由', en: 'open an evaluated need again, with a reason' },
  whistle: { 'zh-CN': '吹哨，召集部门到场', en: 'call departments to the place' },
  dispatch: { 'zh-CN': '派单给单位或社区，由服务中心', en: 'send a need to a unit or a community, as the centre' },
  correct: { 'zh-CN': '更正记录中的明显错误：日期、地点、类别', en: 'put an obvious mistake on record right: a date, a place, what it is about' },
  'confirm-urgency': { 'zh-CN': '核实报为突发的是否属实', en: 'say whether what was called an emergency is one' },
  sign: { 'zh-CN': '作为两方之一签署契约', en: 'sign the agreement, as one of its two parties' },
  pause: { 'zh-CN': '等待期间停钟', en: 'stop the clock while something is waited for' },
  resume: { 'zh-CN': '恢复计时', en: 'let the clock go on' },
  'request-extension': { 'zh-CN': '申请延期若干工作日', en: 'ask for more working days' },
  grant: { 'zh-CN': '同意所申请的延期', en: 'give the working days that were asked for' },
  deny: { 'zh-CN': '不同意延期，写明理由', en: 'refuse them, with a reason' },
  join: { 'zh-CN': '作为主办部门点名的部门接受协办', en: 'accept to help, as a department that the lead has named' },
  'share-contact': { 'zh-CN': '提出人同意向某部门提供联系方式', en: 'let a department have the contact, as the author' },
  'report-in': {
    'zh-CN': '报到，答复吹哨：单位到场、稍后到场或不能到场；志愿者到场',
    en: 'answer a whistle: a unit comes, comes later or not at all; a volunteer comes',
  },
  'leave-project': {
    'zh-CN': '将需求移出项目，由其社区或牵头单位',
    en: 'take the need out of a project, as its community or as the unit that leads it',
  },
};
