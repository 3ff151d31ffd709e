import { COMMON_REFUSALS, ENGINE_REFUSALS, type CommonRefusal, type RefusalInfo, type RefusalInfos } from '@qiyue/civic-domain';
import type { NeedRefusal } from '@qiyue/need-domain';

const conflict = (zh: string, en: string): RefusalInfo => ({ status: 409, texts: { 'zh-CN': zh, en } });

/** A new refusal does not compile until it has its status and its texts. */
const OWN: RefusalInfos<Exclude<NeedRefusal, CommonRefusal>> = {
  'nothing-to-amend': conflict('没有要修改的内容。', 'There is nothing to amend.'),
  'same-need': conflict('不能把需求并入它自己。', 'A need cannot be merged into itself.'),
  'has-adopted': conflict('已并入其他需求的需求不能再被合并。', 'A need that others were merged into cannot be merged away.'),
  'target-not-live': conflict('目标需求已结束，不能并入。', 'The target need is no longer live; nothing can be merged into it.'),
  'decision-missing': conflict('使用维修资金须先有业主共同决定通过。', "The maintenance fund may be used only after a passed owners' decision."),
  'over-budget': conflict('超出部门预算或已落实的资金。', "The department's budget, or what was funded, does not cover this."),
  'no-budget': conflict('牵头单位本年度未核定预算。', 'The lead department has no budget for this year.'),
  'year-closed': conflict('牵头单位本年度台账已关闭，不再安排新资金。', "The lead department's year is closed and takes no new money."),
  'funds-unavailable': conflict('牵头单位的预算暂不能安排这笔资金。', "The lead department's budget cannot take this now."),
  'lead-changed': conflict('牵头单位已变更，请重新提交。', 'Another unit leads by now; send it again.'),
  'other-kind': conflict('需求与承诺的类别（实事、好事）不一致。', 'The need is not of the kind that was asked for.'),
  'other-community': conflict('只有需求所属社区可以发起业主共同决定。', "The owners are asked by the need's own community alone."),
  'decision-open': conflict(
    '业主共同决定尚未完成，请待其确认或取消。',
    "The owners' decision is still open; it has to be confirmed or cancelled first.",
  ),
  'decision-failed': conflict('业主共同决定未通过或已取消。', "The owners' decision did not pass, or was cancelled."),
  'over-plan': conflict('超出业主共同决定的预算。', 'More than the owners have decided on.'),
  'works-too-early': conflict('业主共同决定确认前不得施工。', "No works before the owners' decision is confirmed."),
  'authority-only': conflict('使用维修资金的工程由主管部门验收。', 'Works that the maintenance fund pays are accepted by the authority.'),
  'in-another-project': conflict('该需求已列入其他项目。', 'The need is part of another project already.'),
  'not-in-project': conflict('该需求不在这个项目中。', 'The need is not part of this project.'),
  'other-parties': conflict(
    '该项目既不属于需求所在社区，也不由牵头单位承办。',
    "The project is neither of the need's community nor of the unit that leads it.",
  ),
  'not-called': conflict('本次吹哨未请贵单位响应。', 'The whistle has not called this unit.'),
  'not-reopened': conflict('仅重新办理的需求可按返工处理。', 'Only a reopened need can be reworked without new money.'),
  'not-adjustable': conflict('这笔资金不能调整；可取消施工后重新落实资金。', 'This funding cannot be adjusted; cancel the works and fund anew.'),
  'already-started': conflict('工程已经开工。', 'The works have already started.'),
  'already-evaluated': conflict('该方已经评价过。', 'This side has already evaluated.'),
  'already-signed': conflict('该方已经签约。', 'This party has already signed.'),
  'already-joined': conflict('贵单位已接受协办。', 'This unit has already joined.'),
  'already-shared': conflict('已同意向该单位提供联系方式。', 'The contact is shared with this unit already.'),
  'bad-promise': conflict('承诺日期须在 {earliest} 至 {latest} 之间。', 'A promise is for a day from {earliest} to {latest}.'),
  'bad-answer-by': conflict('答复期限须在 {earliest} 至 {latest} 之间。', 'An answer can be asked for between {earliest} and {latest}.'),
  'no-emergency': conflict('该需求未报紧急。', 'Nobody calls this need an emergency.'),
  'already-confirmed': conflict('紧急程度已经核实。', 'An office has confirmed this already.'),
  'urgency-settled': conflict(
    '已核实该需求不属紧急，提出人不能再改为紧急；情况有变的，请联系社区或中心核实。',
    'An office has found that this is no emergency. If that has changed, ask the community or the centre to confirm it as one.',
  ),
  'already-paused': conflict('办理时限已经暂停。', 'The clock is already paused.'),
  'not-paused': conflict('办理时限没有暂停。', 'The clock is not paused.'),
  'already-extended': conflict('本环节只能申请一次延期。', 'An extension can be asked for only once in a stage.'),
  'too-long': conflict('最多延期 {max} 个工作日。', 'An extension is at most {max} working days.'),
  'no-request': conflict('没有待答复的延期申请。', 'There is no extension request to answer.'),
  'no-deadline': conflict('当前没有可调整的办理期限。', 'No deadline runs that this could change.'),
};

export const NEED_REFUSALS: RefusalInfos = { ...ENGINE_REFUSALS, ...COMMON_REFUSALS, ...OWN };
