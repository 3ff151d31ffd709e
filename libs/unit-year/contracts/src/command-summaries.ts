import type { Texts } from '@qiyue/civic-domain';
import type { PublicUnitYearCommandType } from '@qiyue/unit-year-domain';

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicUnitYearCommandType, Texts>> = {
  open: { 'zh-CN': '开立部门的年度；重复开立即为已有的', en: 'open the year of a department; the same again is the one that is there' },
  'set-budget': { 'zh-CN': '设定部门当年可用经费', en: 'say how much the department may spend in the year' },
  'adjust-budget': { 'zh-CN': '增加或收回经费，写明理由', en: 'give more or take back, with a reason' },
  pledge: { 'zh-CN': '承诺当年的一件实事或好事', en: 'promise a tangible thing or a service for the year' },
  'amend-pledge': { 'zh-CN': '修改承诺；公布后只能改说明和日期', en: 'change a pledge; once published only its description and date' },
  'withdraw-pledge': { 'zh-CN': '撤回承诺，写明理由', en: 'take a pledge back, with a reason' },
  publish: { 'zh-CN': '公布承诺，各类件数依政策规定', en: 'publish the pledges, as many of each kind as the policy says' },
  link: { 'zh-CN': '写明由哪件需求兑现承诺', en: 'name the need that fulfils a pledge' },
  unlink: { 'zh-CN': '取消承诺所对接的需求', en: 'take the need of a pledge away again' },
  contest: { 'zh-CN': '社区认为所做与承诺不符', en: 'say that a pledge is not what was promised, as a community' },
  settle: { 'zh-CN': '裁定异议，写明理由', en: 'decide a contest, with a reason' },
  'carry-over': { 'zh-CN': '将承诺结转下年，写明理由', en: 'let a pledge go over into the next year, with a reason' },
  close: { 'zh-CN': '在年度自行结束前结账；未兑现的记为未兑现', en: 'close the year before it ends by itself; what is not fulfilled has failed' },
};
