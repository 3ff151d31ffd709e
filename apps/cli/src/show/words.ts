import type { ClockEvent } from '@qiyue/civic-domain';
import type { HistoryEvent } from '@qiyue/client';
import type { NeedEvent, NeedEventType } from '@qiyue/need-domain';
import type { Language } from '../context';
import { calledWords, missingWords, movedWords, untilWords } from './deadline.words';

type Words = Readonly<Record<Language, string>>;

const WHAT: Readonly<Record<NeedEventType, Words>> = {
  NeedSubmitted: { 'zh-CN': '列入需求清单', en: 'put on the list' },
  NeedAmended: { 'zh-CN': '修改需求', en: 'amended' },
  NeedWithdrawn: { 'zh-CN': '撤回', en: 'withdrawn' },
  NeedRejected: { 'zh-CN': '不予受理', en: 'rejected' },
  NeedMerged: { 'zh-CN': '并入他项', en: 'merged' },
  NeedAdopted: { 'zh-CN': '并入本项', en: 'adopted another' },
  NeedUnadopted: { 'zh-CN': '撤销并入', en: 'adoption undone' },
  NeedInspected: { 'zh-CN': '现场核实', en: 'inspected on site' },
  NeedClaimed: { 'zh-CN': '部门认领', en: 'claimed' },
  ClaimReturned: { 'zh-CN': '退单', en: 'returned to the list' },
  NeedFunded: { 'zh-CN': '资金到位', en: 'funded' },
  FundingAdjusted: { 'zh-CN': '调整资金', en: 'funding adjusted' },
  WorksCancelled: { 'zh-CN': '取消施工', en: 'works cancelled' },
  WorksStarted: { 'zh-CN': '开工', en: 'works started' },
  ProgressReported: { 'zh-CN': '进度', en: 'progress' },
  WorksReported: { 'zh-CN': '报完工', en: 'reported complete' },
  WorksRefused: { 'zh-CN': '验收不合格', en: 'works refused' },
  NeedDone: { 'zh-CN': '验收合格', en: 'accepted' },
  ResidentEvaluated: { 'zh-CN': '居民评价', en: 'residents evaluated' },
  CommunityEvaluated: { 'zh-CN': '社区评价', en: 'community evaluated' },
  NeedEvaluated: { 'zh-CN': '双评价完成', en: 'both have evaluated' },
  NeedReopened: { 'zh-CN': '重新办理', en: 'reopened' },
  NeedClosed: { 'zh-CN': '办结', en: 'closed' },
  WhistleBlown: { 'zh-CN': '吹哨', en: 'whistle blown' },
  NeedDispatched: { 'zh-CN': '派单', en: 'dispatched' },
  NeedCorrected: { 'zh-CN': '更正记录', en: 'record corrected' },
  UrgencyConfirmed: { 'zh-CN': '核实紧急程度', en: 'urgency confirmed' },
  ContractSigned: { 'zh-CN': '签约', en: 'contract signed' },
  HelperJoined: { 'zh-CN': '接受协办', en: 'joined as a helper' },
  ContactShared: { 'zh-CN': '同意提供联系方式', en: 'contact shared' },
  UnitReportedIn: { 'zh-CN': '单位报到', en: 'unit reported in' },
  VolunteerReportedIn: { 'zh-CN': '党员、志愿者报到', en: 'volunteer reported in' },
  DecisionAwaited: { 'zh-CN': '等待业主共同决定', en: 'waits for the owners' },
  DecisionNoted: { 'zh-CN': '业主共同决定进展', en: 'owners’ decision noted' },
  ProjectJoined: { 'zh-CN': '列入项目', en: 'part of a project' },
  ProjectLeft: { 'zh-CN': '退出项目', en: 'left the project' },
  DeadlineApproaching: { 'zh-CN': '临期提醒', en: 'deadline approaching' },
  DeadlineMissed: { 'zh-CN': '逾期', en: 'deadline missed' },
  Escalated: { 'zh-CN': '升级', en: 'escalated' },
  ClockPaused: { 'zh-CN': '停钟', en: 'clock paused' },
  ClockResumed: { 'zh-CN': '恢复计时', en: 'clock resumed' },
  ExtensionRequested: { 'zh-CN': '申请延期', en: 'extension asked for' },
  ExtensionGranted: { 'zh-CN': '同意延期', en: 'extension granted' },
  ExtensionDenied: { 'zh-CN': '不同意延期', en: 'extension denied' },
  DeadlineMoved: { 'zh-CN': '期限调整', en: 'deadline moved' },
  EvaluationLapsed: { 'zh-CN': '逾期未评，按规则办结', en: 'closed without an evaluation' },
};

const ROLES: Readonly<Record<string, Words>> = {
  resident: { 'zh-CN': '居民', en: 'resident' },
  property: { 'zh-CN': '物业', en: 'property staff' },
  grid: { 'zh-CN': '网格员', en: 'grid worker' },
  community: { 'zh-CN': '社区', en: 'community' },
  department: { 'zh-CN': '部门', en: 'department' },
  centre: { 'zh-CN': '服务中心', en: 'service centre' },
  authority: { 'zh-CN': '主管部门', en: 'authority' },
  system: { 'zh-CN': '到期自动', en: 'by the clock' },
};

export const whoIs = ({ role, unit }: HistoryEvent['actor'], language: Language): string => {
  const name = ROLES[role]?.[language] ?? role;
  return unit === null ? name : `${unit} ${name}`;
};

/** An event of a need, or of a deadline, in words; of another kind by its name. */
export const eventWord = (type: string, language: Language): string => (WHAT as Readonly<Record<string, Words>>)[type]?.[language] ?? type;

/** Events of other kinds of entities than needs go by their names, but for those of a deadline, which all have alike. */
export const wordsFor = (
  { type, data }: Pick<HistoryEvent, 'type' | 'data'>,
  language: Language,
  aggregate: string,
): { readonly what: string; readonly detail: string } =>
  aggregate === 'need' || OF_DEADLINES.has(type)
    ? { what: WHAT[type as NeedEventType]?.[language] ?? type, detail: detailOf({ type, data } as NeedEvent, language) }
    : { what: type, detail: '' };

const OF_DEADLINES: ReadonlySet<string> = new Set<ClockEvent['type']>([
  ...(['DeadlineApproaching', 'DeadlineMissed', 'Escalated', 'DeadlineMoved'] as const),
  ...(['ClockPaused', 'ClockResumed', 'ExtensionRequested', 'ExtensionGranted', 'ExtensionDenied'] as const),
]);

const SOURCES: Readonly<Record<string, Words>> = {
  department: { 'zh-CN': '部门经费', en: "the department's budget" },
  donation: { 'zh-CN': '捐助', en: 'a donation' },
  mixed: { 'zh-CN': '部门与捐助', en: 'the department and a donation' },
  rework: { 'zh-CN': '返工，无需新资金', en: 'rework, no new money' },
};

const detailOf = (event: NeedEvent, language: Language): string => {
  const zh = language === 'zh-CN';
  switch (event.type) {
    case 'NeedSubmitted':
      return event.data.items.map(({ name, quantity, unit }) => `${name} ${quantity} ${unit}`).join(zh ? '、' : ', ');
    case 'NeedInspected':
      return event.data.notes;
    case 'NeedClaimed':
      return [event.data.plan, ...event.data.helpers.map((helper) => (zh ? `协办 ${helper}` : `with ${helper}`))].join(zh ? '；' : '; ');
    case 'NeedFunded':
      return `${zh ? '¥' : 'CNY '}${yuan(event.data.amountFen)} ${SOURCES[event.data.source]?.[language] ?? event.data.source}`;
    case 'FundingAdjusted':
      return `${zh ? '¥' : 'CNY '}${yuan(event.data.beforeFen)} → ${yuan(event.data.amountFen)}`;
    case 'ProgressReported':
      return event.data.note;
    case 'ResidentEvaluated':
    case 'CommunityEvaluated':
      return `${zh ? `${event.data.score} 分` : `${event.data.score} of 5`} ${satisfiedWord(event.data.satisfied, zh)}${event.data.comment === undefined ? '' : `${zh ? '：' : ': '}${event.data.comment}`}`;
    case 'NeedEvaluated':
      return satisfiedWord(event.data.satisfied, zh);
    case 'NeedReopened':
      return zh ? `仍由 ${event.data.unit} 办理（第 ${event.data.round} 轮）` : `again by ${event.data.unit} (round ${event.data.round})`;
    case 'HelperJoined':
    case 'ContactShared':
      return event.data.unit;
    case 'WhistleBlown':
      return calledWords(event.data, language);
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
      return untilWords(event.data, language);
    case 'Escalated':
      return `${event.data.name}${zh ? '，' : ', '}${untilWords(event.data, language)}`;
    case 'ClockPaused':
      return zh ? `等待 ${event.data.waitingFor}` : `waiting for ${event.data.waitingFor}`;
    case 'ExtensionRequested':
      return `${event.data.workingDays} ${zh ? '个工作日' : 'working days'}${zh ? '：' : ': '}${event.data.reason}`;
    case 'ClockResumed':
    case 'ExtensionGranted':
    case 'DeadlineMoved':
      return movedWords(event.data, language);
    case 'EvaluationLapsed':
      return missingWords(event.data, language);
    case 'ExtensionDenied':
    case 'ClaimReturned':
    case 'NeedRejected':
    case 'NeedWithdrawn':
    case 'WorksRefused':
    case 'WorksCancelled':
      return event.data.reason;
    default:
      return '';
  }
};

const satisfiedWord = (satisfied: boolean, zh: boolean): string => (satisfied ? (zh ? '满意' : 'satisfied') : zh ? '不满意' : 'not satisfied');

/** 3000000 fen → `30,000.00`, in integers throughout. */
export const yuan = (fen: number): string => {
  const [whole, cents] = [Math.floor(fen / 100), fen % 100];
  return `${String(whole).replace(/\B(?=(\d{3})+$)/g, ',')}.${String(cents).padStart(2, '0')}`;
};
