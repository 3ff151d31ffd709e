import { CLOCK_EVENT_WORDS, eventWordsOf, type AnyAggregate } from '@qiyue/aggregate';
import type { HistoryEvent } from '@qiyue/client';
import { OWNERS, type FundSource, type NeedEvent } from '@qiyue/need-domain';
import type { Language } from '../context';
import { calledWords, missingWords, movedWords, untilWords } from './deadline.words';

type Words = Readonly<Record<Language, string>>;

const ROLES: Readonly<Record<string, Words>> = {
  resident: { 'zh-CN': '居民', en: 'resident' },
  property: { 'zh-CN': '物业', en: 'property staff' },
  grid: { 'zh-CN': '网格员', en: 'grid worker' },
  community: { 'zh-CN': '社区', en: 'community' },
  department: { 'zh-CN': '部门', en: 'department' },
  centre: { 'zh-CN': '服务中心', en: 'service centre' },
  authority: { 'zh-CN': '主管部门', en: 'authority' },
  supervisor: { 'zh-CN': '督查', en: 'supervisor' },
  operator: { 'zh-CN': '运维人员', en: 'operator' },
  service: { 'zh-CN': '服务程序', en: 'service' },
  system: { 'zh-CN': '到期自动', en: 'by the clock' },
};

export const whoIs = ({ role, unit }: HistoryEvent['actor'], language: Language): string => {
  const name = ROLES[role]?.[language] ?? role;
  return unit === null ? name : `${unit} ${name}`;
};

/** What of a kind of entity says how its events are told. */
export type Told = Pick<AnyAggregate, 'decider' | 'eventWords' | 'stages'>;

/** By its definition; what that has no word for goes by its name. */
export const eventWord = (type: string, language: Language, of: Pick<Told, 'eventWords'>): string => eventWordsOf(of, type)?.[language] ?? type;

/** Details of those of needs and of deadlines, which all kinds have alike. */
export const wordsFor = (
  { type, data }: Pick<HistoryEvent, 'type' | 'data'>,
  language: Language,
  of: Told,
): { readonly what: string; readonly detail: string } => ({
  what: eventWord(type, language, of),
  detail: of.decider.aggregate === 'need' || type in CLOCK_EVENT_WORDS ? detailOf({ type, data } as NeedEvent, language, of.stages) : '',
});

/** What the need itself waits for is recorded in both languages. */
const WAITED_FOR: Readonly<Record<string, Words>> = { [OWNERS]: { 'zh-CN': '业主共同决定', en: 'the owners’ decision' } };

const SOURCES: Readonly<Record<string, Words>> = {
  department: { 'zh-CN': '部门经费', en: "the department's budget" },
  'maintenance-fund': { 'zh-CN': '维修资金', en: 'the maintenance fund' },
  donation: { 'zh-CN': '捐助', en: 'a donation' },
  mixed: { 'zh-CN': '部门与捐助', en: 'the department and a donation' },
  rework: { 'zh-CN': '返工，无需新资金', en: 'rework, no new money' },
} satisfies Readonly<Record<FundSource, Words>>;

const detailOf = (event: NeedEvent, language: Language, stages: Told['stages']): string => {
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
      return untilWords(event.data, language, stages);
    case 'Escalated':
      return `${event.data.name}${zh ? '，' : ', '}${untilWords(event.data, language, stages)}`;
    case 'ClockPaused':
      return `${zh ? '等待' : 'waiting for'} ${WAITED_FOR[event.data.waitingFor]?.[language] ?? event.data.waitingFor}`;
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
