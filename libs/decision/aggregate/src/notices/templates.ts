import type { Language } from '@qiyue/civic-domain';
import type { FailCause, TimedStage } from '@qiyue/decision-domain';
import { dateInWords } from '@qiyue/notices';
import type { TemplateFacts } from './facts';
import type { ToldType } from './told';

/** Subject and text. */
type Template = (facts: TemplateFacts) => readonly [subject: string, text: string];
/** One for every event that is told: a new one does not compile without. */
type Templates = Readonly<Record<ToldType, Template>>;

const zhOn = (instant: string | null): string => dateInWords(instant, 'zh-CN');
const enOn = (instant: string | null): string => dateInWords(instant, 'en');

/** What is due by the deadline of each stage, or ends with it. */
export const ZH_DUE: Readonly<Record<TimedStage, string>> = {
  ...{ preparing: '发起投票', voting: '投票', passed: '张贴公示', noticing: '公示', confirming: '主管部门确认' },
  ...{ declared: '主管部门确认应急维修', emergency: '应急维修补充公示', warranty: '新工程保修' },
};
const EN_DUE: Readonly<Record<TimedStage, string>> = {
  ...{
    preparing: 'opening the ballot',
    voting: 'voting',
    passed: 'posting the notice',
    noticing: 'the notice',
    confirming: 'confirming the decision',
  },
  ...{ declared: 'confirming the emergency', emergency: 'posting the notice of the emergency', warranty: 'the warranty of the works' },
};
const ZH_MOVED = { calendar: '工作日历变更', policy: '时限规则变更', 'calendar-and-policy': '工作日历和时限规则变更' };
const EN_MOVED = {
  calendar: 'The calendar of working days changed',
  policy: 'The policy changed',
  'calendar-and-policy': 'The calendar and the policy changed',
};
const ZH_FAILED: Readonly<Record<FailCause, string>> = {
  'failed-quorum': '参与表决的面积或人数不足',
  'failed-approval': '同意的面积或人数不足',
  'challenge-upheld': '异议成立',
};
const EN_FAILED: Readonly<Record<FailCause, string>> = {
  'failed-quorum': 'too few took part, in area or in heads',
  'failed-approval': 'too few agreed, in area or in heads',
  'challenge-upheld': 'a challenge was upheld',
};

const zhDue = ({ stage }: TemplateFacts): string => (stage === null ? '' : ZH_DUE[stage]);
const enDue = ({ stage }: TemplateFacts): string => (stage === null ? '' : EN_DUE[stage]);
export const zh = ({ community, works }: Pick<TemplateFacts, 'community' | 'works'>): string => `${community}业主共同决定“${works}”`;
const en = ({ community, works }: TemplateFacts): string => `the owners' decision of ${community}, "${works}"`;
const zhCount = ({ heads }: TemplateFacts): string => `应参与${heads.total}人，参与${heads.part}人，同意${heads.agree}人`;
const enCount = ({ heads }: TemplateFacts): string => `${heads.part} of ${heads.total} owners took part, ${heads.agree} agree`;

const ZH: Templates = {
  DeadlineApproaching: (f) => [`即将到期：${f.community}`, `${zh(f)}：${zhDue(f)}的期限为${zhOn(f.dueAt)}。`],
  DeadlineMissed: (f) => [`已逾期：${f.community}`, `${zh(f)}：${zhDue(f)}的期限${zhOn(f.dueAt)}已过。`],
  Escalated: (f) => [
    `${f.rung?.name}：${f.community}`,
    `${zh(f)}：${zhDue(f)}的期限${zhOn(f.dueAt)}已过，现予${f.rung?.name}（第${f.rung?.level}级）。`,
  ],
  DeadlineMoved: (f) => [
    `期限调整：${f.community}`,
    `${zh(f)}：因${f.movedBy === null ? '' : ZH_MOVED[f.movedBy]}，${zhDue(f)}的期限由${zhOn(f.oldDueAt)}调整为${zhOn(f.dueAt)}。`,
  ],
  BallotOpened: (f) => [`请投票：${f.community}`, `${zh(f)}开始投票，截止${zhOn(f.endsAt)}。`],
  VoteCast: (f) => [
    `已改投：${f.community}`,
    `${zh(f)}：一位业主的票已被后投的${f.isPaper ? '纸质票' : '网上票'}取代，以后投的为准。如非本人意愿，请在投票截止前改投。`,
  ],
  BallotClosed: (f) => [
    `投票结束：${f.community}`,
    `${zh(f)}${f.isEarly ? '提前' : ''}结束投票，${f.outcome === 'passed' ? '已通过' : '未通过'}：${zhCount(f)}。`,
  ],
  NoticePosted: (f) => [`公示：${f.community}`, `${zh(f)}现予公示，至${zhOn(f.endsAt)}，期间可以提出异议。`],
  NoticeEnded: (f) => [`公示期满：${f.community}`, `${zh(f)}公示期满，请主管部门确认。`],
  DecisionChallenged: (f) => [`有异议：${f.community}`, `公示期间有人对${zh(f)}提出异议，请处理。`],
  ChallengeSettled: (f) => [`异议已处理：${f.community}`, `对${zh(f)}的异议${f.upheld ? '成立' : '不成立'}。`],
  DecisionConfirmed: (f) => [`已确认：${f.community}`, `${zh(f)}已经主管部门确认，可以施工和用款。`],
  DecisionFailed: (f) => [`未通过：${f.community}`, `${zh(f)}未能成立：${f.failedBy === null ? '' : ZH_FAILED[f.failedBy]}。`],
  DecisionCancelled: (f) => [`已取消：${f.community}`, `${zh(f)}已取消。`],
  EmergencyDeclared: (f) => [`应急维修：${f.community}`, `${zh(f)}申请先行应急维修，请主管部门确认。`],
  EmergencyConfirmed: (f) => [`应急维修已确认：${f.community}`, `${zh(f)}已确认先行应急维修，事后公示。`],
  WarrantyStarted: (f) => [`开始保修：${f.community}`, `${zh(f)}的工程已验收，保修至${zhOn(f.endsAt)}。`],
};

const EN: Templates = {
  DeadlineApproaching: (f) => [`Due soon: ${f.community}`, `For ${en(f)}: the deadline for ${enDue(f)} is ${enOn(f.dueAt)}.`],
  DeadlineMissed: (f) => [`Overdue: ${f.community}`, `For ${en(f)}: the deadline for ${enDue(f)}, ${enOn(f.dueAt)}, has passed.`],
  Escalated: (f) => [
    `Escalated (${f.rung?.name}): ${f.community}`,
    `For ${en(f)}: the deadline for ${enDue(f)}, ${enOn(f.dueAt)}, has passed: level ${f.rung?.level}.`,
  ],
  DeadlineMoved: (f) => [
    `Deadline moved: ${f.community}`,
    `${f.movedBy === null ? '' : EN_MOVED[f.movedBy]}: for ${en(f)}, the deadline for ${enDue(f)} moves from ${enOn(f.oldDueAt)} to ${enOn(f.dueAt)}.`,
  ],
  BallotOpened: (f) => [`Please vote: ${f.community}`, `The ballot on ${en(f)} is open until ${enOn(f.endsAt)}.`],
  VoteCast: (f) => [
    `Ballot replaced: ${f.community}`,
    `In ${en(f)}, the ballot of an owner was replaced by a later one, cast ${f.isPaper ? 'on paper' : 'online'}, which counts. An owner who did not mean it can vote again before the ballot closes.`,
  ],
  BallotClosed: (f) => [
    `Ballot closed: ${f.community}`,
    `The ballot on ${en(f)} was closed${f.isEarly ? ' before its end' : ''} and has ${f.outcome === 'passed' ? 'passed' : 'not passed'}: ${enCount(f)}.`,
  ],
  NoticePosted: (f) => [`Public notice: ${f.community}`, `The notice of ${en(f)} is up until ${enOn(f.endsAt)}; until then it can be challenged.`],
  NoticeEnded: (f) => [`Notice over: ${f.community}`, `The notice of ${en(f)} is over; the authority is to confirm it.`],
  DecisionChallenged: (f) => [`Challenged: ${f.community}`, `Somebody challenges ${en(f)}. This has to be settled.`],
  ChallengeSettled: (f) => [`Challenge settled: ${f.community}`, `A challenge of ${en(f)} was ${f.upheld ? '' : 'not '}upheld.`],
  DecisionConfirmed: (f) => [`Confirmed: ${f.community}`, `The authority has confirmed ${en(f)}: works and payments may begin.`],
  DecisionFailed: (f) => [`Failed: ${f.community}`, `Nothing comes of ${en(f)}: ${f.failedBy === null ? '' : EN_FAILED[f.failedBy]}.`],
  DecisionCancelled: (f) => [`Given up: ${f.community}`, `Somebody has given up ${en(f)}.`],
  EmergencyDeclared: (f) => [`Emergency: ${f.community}`, `For ${en(f)} the works cannot wait for a vote; the authority is to confirm this.`],
  EmergencyConfirmed: (f) => [`Emergency confirmed: ${f.community}`, `For ${en(f)} works come before a vote; a notice follows.`],
  WarrantyStarted: (f) => [`Warranty begins: ${f.community}`, `The works of ${en(f)} were accepted; their warranty runs until ${enOn(f.endsAt)}.`],
};

export const TEMPLATES: Readonly<Record<Language, Templates>> = { 'zh-CN': ZH, en: EN };
