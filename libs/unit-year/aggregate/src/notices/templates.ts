import type { Language } from '@qiyue/civic-domain';
import { dateInWords } from '@qiyue/notices';
import type { TimedStage } from '@qiyue/unit-year-domain';
import type { TemplateFacts } from './facts';
import type { ToldType } from './told';

/** Subject and text. */
type Template = (facts: TemplateFacts) => readonly [subject: string, text: string];
/** One for every event that is told: a new one does not compile without. */
type Templates = Readonly<Record<ToldType, Template>>;

const zhOn = (instant: string | null): string => dateInWords(instant, 'zh-CN');
const enOn = (instant: string | null): string => dateInWords(instant, 'en');

/** What is due by the deadline of each stage. */
export const ZH_DUE: Readonly<Record<TimedStage, string>> = { pledging: '公布承诺', published: '落实全部承诺对应的需求', fulfilling: '兑现承诺' };
const EN_DUE: Readonly<Record<TimedStage, string>> = {
  pledging: 'publishing the pledges',
  published: 'naming a need for each pledge',
  fulfilling: 'keeping the pledges',
};
const ZH_MOVED = { calendar: '工作日历变更', policy: '时限规则变更', 'calendar-and-policy': '工作日历和时限规则变更' };
const EN_MOVED = {
  calendar: 'The calendar of working days changed',
  policy: 'The policy changed',
  'calendar-and-policy': 'The calendar and the policy changed',
};

const zhDue = ({ stage }: TemplateFacts): string => (stage === null ? '' : ZH_DUE[stage]);
const enDue = ({ stage }: TemplateFacts): string => (stage === null ? '' : EN_DUE[stage]);
export const zhYear = ({ unit, year }: Pick<TemplateFacts, 'unit' | 'year'>): string => `${unit}${year}年度`;
const enYear = ({ unit, year }: TemplateFacts): string => `${unit}, ${year}`;
const zhWaiting = ({ stage, waiting }: TemplateFacts): string => (stage === 'published' && waiting > 0 ? `，尚有${waiting}项承诺没有对应需求` : '');
const enWaiting = ({ stage, waiting }: TemplateFacts): string => (stage === 'published' && waiting > 0 ? ` Pledges without a need: ${waiting}.` : '');

const ZH: Templates = {
  DeadlineApproaching: (f) => [`即将到期：${zhYear(f)}`, `${zhDue(f)}的期限为${zhOn(f.dueAt)}${zhWaiting(f)}。`],
  DeadlineMissed: (f) => [`已逾期：${zhYear(f)}`, `${zhDue(f)}的期限${zhOn(f.dueAt)}已过${zhWaiting(f)}。`],
  Escalated: (f) => [`${f.rung?.name}：${zhYear(f)}`, `${zhDue(f)}的期限${zhOn(f.dueAt)}已过，现予${f.rung?.name}（第${f.rung?.level}级）。`],
  DeadlineMoved: (f) => [
    `期限调整：${zhYear(f)}`,
    `因${f.movedBy === null ? '' : ZH_MOVED[f.movedBy]}，${zhDue(f)}的期限由${zhOn(f.oldDueAt)}调整为${zhOn(f.dueAt)}。`,
  ],
  PledgeContested: (f) => [`承诺有异议：${f.title}`, `${f.community ?? '社区'}对${zhYear(f)}的承诺“${f.title}”提出异议，请中心裁定。`],
  PledgeSettled: (f) => [
    `异议已裁定：${f.title}`,
    f.upheld === true ? `对${zhYear(f)}承诺“${f.title}”的异议成立，该承诺不计入。` : `对${zhYear(f)}承诺“${f.title}”的异议不成立。`,
  ],
  PledgeFailed: (f) => [
    `承诺未兑现：${f.title}`,
    f.failedBy === 'contest-upheld' ? `${zhYear(f)}的承诺“${f.title}”因异议成立，按未兑现计。` : `${zhYear(f)}已结束，承诺“${f.title}”未兑现。`,
  ],
};

const EN: Templates = {
  DeadlineApproaching: (f) => [`Due soon: ${enYear(f)}`, `The deadline for ${enDue(f)} is ${enOn(f.dueAt)}.${enWaiting(f)}`],
  DeadlineMissed: (f) => [`Overdue: ${enYear(f)}`, `The deadline for ${enDue(f)}, ${enOn(f.dueAt)}, has passed.${enWaiting(f)}`],
  Escalated: (f) => [
    `Escalated (${f.rung?.name}): ${enYear(f)}`,
    `The deadline for ${enDue(f)}, ${enOn(f.dueAt)}, has passed: level ${f.rung?.level}.`,
  ],
  DeadlineMoved: (f) => [
    `Deadline moved: ${enYear(f)}`,
    `${f.movedBy === null ? '' : EN_MOVED[f.movedBy]}: the deadline for ${enDue(f)} moves from ${enOn(f.oldDueAt)} to ${enOn(f.dueAt)}.`,
  ],
  PledgeContested: (f) => [
    `Pledge contested: ${f.title}`,
    `${f.community ?? 'A community'} contests a pledge of ${enYear(f)}: ${f.title}. The centre is to settle it.`,
  ],
  PledgeSettled: (f) => [
    `Contest settled: ${f.title}`,
    f.upheld === true
      ? `The contest of a pledge of ${enYear(f)} is upheld: ${f.title} does not count.`
      : `The contest of a pledge of ${enYear(f)} is not upheld: ${f.title} stands.`,
  ],
  PledgeFailed: (f) => [
    `Pledge not kept: ${f.title}`,
    f.failedBy === 'contest-upheld'
      ? `A pledge of ${enYear(f)} counts as not kept, as its contest was upheld: ${f.title}.`
      : `The year is over, and a pledge of ${enYear(f)} was not kept: ${f.title}.`,
  ],
};

export const TEMPLATES: Readonly<Record<Language, Templates>> = { 'zh-CN': ZH, en: EN };
