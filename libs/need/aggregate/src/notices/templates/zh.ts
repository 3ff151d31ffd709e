import type { DeadlineStage } from '@qiyue/civic-domain';
import type { Fact } from '@qiyue/need-domain';
import { dateInWords } from '@qiyue/notices';
import type { CorrectedField, TemplateFacts } from './facts';
import type { Templates } from './template';

const STAGES: Readonly<Record<DeadlineStage, string>> = { submitted: '认领', claimed: '资金落实', funded: '办理', done: '评价' };
const CAUSES: Readonly<Record<Fact<'DeadlineMoved'>['data']['cause'], string>> = {
  calendar: '工作日历变更',
  policy: '时限规则变更',
  'calendar-and-policy': '工作日历和时限规则变更',
  amended: '需求内容变更',
};

const CORRECTED: Readonly<Record<CorrectedField, string>> = {
  ...{ promisedBy: '承诺日期', community: '社区', compound: '小区', location: '位置' },
  ...{ kind: '类型', category: '类别', urgency: '紧急程度' },
};

const on = (instant: string | null): string => dateInWords(instant, 'zh-CN');
const stage = (facts: TemplateFacts): string => (facts.stage === null ? '' : STAGES[facts.stage]);
const unit = (facts: TemplateFacts): string => facts.unit ?? '牵头单位';
const moved = (facts: TemplateFacts): string =>
  facts.oldDueAt === facts.dueAt ? `${stage(facts)}期限仍为${on(facts.dueAt)}` : `${stage(facts)}期限由${on(facts.oldDueAt)}调整为${on(facts.dueAt)}`;

const VERBS: Readonly<Record<DeadlineStage, string>> = { submitted: '认领', claimed: '落实资金', funded: '办结', done: '评价' };
/** Whom it waits for. */
const waited = (facts: TemplateFacts): string => {
  if (facts.stage === 'submitted') return '各部门';
  if (facts.stage === 'done') return '提出人和社区';
  return facts.isAtAcceptance ? facts.community : unit(facts);
};

const called = ({ whistle, community }: TemplateFacts): string => {
  if (whistle?.reach === 'named') return `${community}吹哨，请${whistle.units.join('、')}响应`;
  return whistle?.reach === 'all' ? '逾期无人认领，现请各部门响应' : '各部门均未认领，请中心兜底指派';
};

const dispatched = (f: TemplateFacts): string =>
  f.dispatch?.unit === undefined ? `中心已将该需求转交${f.community}` : `中心派单，请${f.dispatch.unit}办理${answerBy(f)}`;

/** The centre, which comes last, is given no date. */
const answerBy = ({ whistle }: TemplateFacts): string => (whistle === null || whistle.answerBy === null ? '' : `，答复期限${on(whistle.answerBy)}`);

const pressing = ({ isEmergency }: TemplateFacts): string => (isEmergency ? '紧急' : '');
/** Whoever is called about an emergency reads when the claim itself is due. */
const claimedBy = (f: TemplateFacts): string => (f.isEmergency ? `；该需求为紧急需求，认领期限${on(f.dueAt)}` : '');
const toConfirm = ({ asks }: TemplateFacts): string => (asks === 'confirm-urgency' ? '；请核实是否属紧急情况' : '');

const reported = ({ report }: TemplateFacts): string => {
  const when = report === null || report.at === null ? '' : `，时间${on(report.at)}`;
  switch (report?.answer) {
    case 'coming':
      return `${report.unit}答复到场${when}。`;
    case 'later':
      return `${report.unit}答复稍后到场${when}。`;
    case 'not-ours':
      return `${report.unit}答复不属于本单位职责，理由登录后见需求页面。`;
    case undefined:
      return '';
  }
};

export const ZH: Templates = {
  NeedSubmitted: (f) => [
    `${f.isEmergency ? '紧急' : '新'}需求：${f.title}`,
    `${f.community}的一项需求等待认领，认领期限${on(f.dueAt)}${toConfirm(f)}。`,
  ],
  NeedAmended: (f) =>
    f.movedFrom === null
      ? [`改为紧急：${f.title}`, `${f.community}的一项需求改为紧急，等待认领，认领期限${on(f.dueAt)}${toConfirm(f)}。`]
      : [`需求转社区：${f.title}`, `该需求由${f.movedFrom}转至${f.community}${f.isEmergency ? '，为紧急需求' : ''}。`],
  NeedWithdrawn: (f) => [`需求已撤回：${f.title}`, '提出人已撤回该需求。'],
  NeedRejected: (f) => [`需求未受理：${f.title}`, `${f.community}未受理该需求，理由登录后见需求页面。`],
  NeedMerged: (f) => [`需求已合并：${f.title}`, '该需求已并入另一项需求，后续进展将继续告知。'],
  NeedClaimed: (f) => [`需求已认领：${f.title}`, `${unit(f)}已认领，资金落实期限${on(f.dueAt)}。`],
  ClaimReturned: (f) => [`认领已退回：${f.title}`, `${unit(f)}已退回，需求重新等待认领，认领期限${on(f.dueAt)}。`],
  NeedFunded: (f) => [`资金已落实：${f.title}`, `由${unit(f)}办理，办理期限${on(f.dueAt)}。`],
  FundingAdjusted: (f) => [`资金调整：${f.title}`, '中心调整了这项需求的资金，金额和理由登录后见需求页面。'],
  WorksStarted: (f) => [`已开工：${f.title}`, `${unit(f)}已开工，办理期限${on(f.dueAt)}。`],
  ProgressReported: (f) => [`有新进展：${f.title}`, `${unit(f)}报告了办理进展，详情登录后见需求页面。`],
  WorksCancelled: (f) => [`施工取消：${f.title}`, `本次施工已取消，由${unit(f)}重新安排，资金落实期限${on(f.dueAt)}。`],
  WorksReported: (f) => [
    `${f.asks === 'accept' ? '请验收' : '已报完工'}：${f.title}`,
    `${unit(f)}已报完工，${f.asks === 'accept' ? '请验收' : `待${f.community}验收`}。`,
  ],
  WorksRefused: (f) => [`验收未通过：${f.title}`, `${f.asks === 'complete' ? '请' : '须由'}${unit(f)}整改，理由登录后见需求页面。`],
  NeedDone: (f) => [
    `${f.asks === 'evaluate' ? '请评价' : '已办结'}：${f.title}`,
    f.asks === 'evaluate' ? `该需求已办结，请评价，评价期限${on(f.dueAt)}。` : `该需求已办结，待提出人和社区评价，评价期限${on(f.dueAt)}。`,
  ],
  NeedEvaluated: (f) => [`评价已完成：${f.title}`, '双方均已评价。'],
  NeedReopened: (f) => [`需求重新办理：${f.title}`, `重新交由${unit(f)}办理，资金落实期限${on(f.dueAt)}。`],
  WhistleBlown: (f) => [`${pressing(f)}吹哨：${f.title}`, `${called(f)}${answerBy(f)}${claimedBy(f)}。`],
  NeedDispatched: (f) => [`${pressing(f)}派单：${f.title}`, `${dispatched(f)}${claimedBy(f)}。`],
  NeedCorrected: (f) =>
    f.isMadeEmergency
      ? [`更正为紧急：${f.title}`, `中心已将${f.community}的这项需求更正为紧急，${stage(f)}期限${on(f.dueAt)}。`]
      : [`记录更正：${f.title}`, `中心更正了这项需求的${f.corrected.map((field) => CORRECTED[field]).join('、')}，理由登录后见需求页面。`],
  UrgencyConfirmed: (f) => [
    `${f.isEmergency ? '紧急情况已核实' : '不按紧急办理'}：${f.title}`,
    f.isEmergency ? `已核实为紧急，按紧急时限办理，${stage(f)}期限${on(f.dueAt)}。` : `已核实不属紧急，${stage(f)}期限${on(f.dueAt)}。`,
  ],
  UnitReportedIn: (f) => [`报到：${f.title}`, reported(f)],
  ContractSigned: (f) => [
    `协议已签：${f.title}`,
    `${f.party === 'community' ? f.community : unit(f)}已签署协议${f.asks === 'sign' ? '，请另一方签署' : '，双方均已签署'}。`,
  ],
  DeadlineApproaching: (f) => [
    `即将到期：${f.title}`,
    `${stage(f)}期限为${on(f.dueAt)}，${f.asks === null ? `待${waited(f)}${VERBS[f.stage ?? 'funded']}` : '请及时办理'}。`,
  ],
  DeadlineMissed: (f) =>
    f.isResident && f.asks === null
      ? [`已超期：${f.title}`, `${waited(f)}未在${on(f.dueAt)}前${VERBS[f.stage ?? 'funded']}，该需求已超期，将按规定催办。`]
      : [`已逾期：${f.title}`, `${stage(f)}期限${on(f.dueAt)}已过${f.asks === null ? '' : '，请尽快办理'}。`],
  Escalated: (f) =>
    f.isResident && f.asks === null
      ? [
          `已超期，已${f.rung?.name}${waited(f)}：${f.title}`,
          `该需求已超期，${stage(f)}期限${on(f.dueAt)}已过，已对${waited(f)}${f.rung?.name}（第${f.rung?.level}级）。`,
        ]
      : [`${f.rung?.name}：${f.title}`, `${stage(f)}期限${on(f.dueAt)}已过，现予${f.rung?.name}（第${f.rung?.level}级）。`],
  ClockPaused: (f) => [`时限暂停：${f.title}`, `${stage(f)}时限已暂停计算。`],
  ClockResumed: (f) => [`时限恢复：${f.title}`, `${stage(f)}时限恢复计算，${moved(f)}。`],
  ExtensionRequested: (f) => [
    `申请延期：${f.title}`,
    `${unit(f)}申请将${stage(f)}期限延长${f.workingDays}个工作日，${f.asks === 'grant' ? '请' : '待'}中心答复。`,
  ],
  ExtensionGranted: (f) => [`同意延期：${f.title}`, `延长${f.workingDays}个工作日，${moved(f)}。`],
  ExtensionDenied: (f) => [`未同意延期：${f.title}`, `${stage(f)}期限仍为${on(f.dueAt)}。`],
  DeadlineMoved: (f) => [`期限调整：${f.title}`, `因${f.cause === null ? '' : CAUSES[f.cause]}，${moved(f)}。`],
  EvaluationLapsed: (f) => [`评价逾期：${f.title}`, '期限内未收到全部评价，已按规定结束评价。'],
};
