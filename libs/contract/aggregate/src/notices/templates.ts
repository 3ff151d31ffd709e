import type { Language } from '@qiyue/civic-domain';
import type { Side, TimedStage } from '@qiyue/contract-domain';
import { dateInWords } from '@qiyue/notices';
import type { TemplateFacts } from './facts';
import type { ToldType } from './told';

/** Subject and text. */
type Template = (facts: TemplateFacts) => readonly [subject: string, text: string];
/** One for every event that is told: a new one does not compile without. */
type Templates = Readonly<Record<ToldType, Template>>;

const zhOn = (instant: string | null): string => dateInWords(instant, 'zh-CN');
const enOn = (instant: string | null): string => dateInWords(instant, 'en');

/** What is due by the deadline of each stage. */
export const ZH_DUE: Readonly<Record<TimedStage, string>> = { proposed: '双方签署', 'in-force': '履行契约', evaluating: '双方评价' };
const EN_DUE: Readonly<Record<TimedStage, string>> = {
  proposed: 'signing the contract',
  'in-force': 'keeping the contract',
  evaluating: 'evaluating the contract',
};
const ZH_MOVED = { calendar: '工作日历变更', policy: '时限规则变更', 'calendar-and-policy': '工作日历和时限规则变更', amended: '契约变更' };
const EN_MOVED = {
  calendar: 'The calendar of working days changed',
  policy: 'The policy changed',
  'calendar-and-policy': 'The calendar and the policy changed',
  amended: 'The contract was amended',
};

const zhDue = ({ stage, isOfItem, title }: TemplateFacts): string => (isOfItem ? `双方评价项目“${title}”` : stage === null ? '' : ZH_DUE[stage]);
const enDue = ({ stage, isOfItem, title }: TemplateFacts): string =>
  isOfItem ? `evaluating the item ${title}` : stage === null ? '' : EN_DUE[stage];
export const zhThis = ({ unit, community, year }: Pick<TemplateFacts, 'unit' | 'community' | 'year'>): string =>
  `${community}与${unit}${year}年度共建契约`;
const enThis = ({ unit, community, year }: TemplateFacts): string => `contract of ${community} and ${unit}, ${year}`;
const nameOf = (side: Side | null, { unit, community }: TemplateFacts): string => (side === 'unit' ? unit : community);
const by = (facts: TemplateFacts): string => nameOf(facts.side, facts);
const isWaiting = ({ stage, missing }: TemplateFacts): boolean => stage !== 'in-force' && missing.length > 0;
const zhMissing = (f: TemplateFacts): string => (isWaiting(f) ? `，尚待${f.missing.map((side) => nameOf(side, f)).join('、')}` : '');
const enMissing = (f: TemplateFacts): string => (isWaiting(f) ? ` Waited for: ${f.missing.map((side) => nameOf(side, f)).join(', ')}.` : '');

const ZH: Templates = {
  ContractProposed: (f) => [`请签署：${zhThis(f)}`, `${by(f)}提出${zhThis(f)}，共${f.items}项，请双方于${zhOn(f.dueAt)}前签署。`],
  SignatureGiven: (f) => [`待签署：${zhThis(f)}`, `${by(f)}已签署${zhThis(f)}，请您方签署。`],
  ContractInForce: (f) => [`已生效：${zhThis(f)}`, `双方均已签署，${zhThis(f)}生效，共${f.items}项，至${f.endsOn}止。`],
  ContractWithdrawn: (f) => [`不再签署：${zhThis(f)}`, `${by(f)}撤回或不签署${zhThis(f)}。`],
  AmendmentProposed: (f) => [`请答复变更：${zhThis(f)}`, `${by(f)}提出变更${zhThis(f)}，请您方同意或不同意。`],
  AmendmentDeclined: (f) => [`变更未成：${zhThis(f)}`, `${by(f)}不同意或收回对${zhThis(f)}的变更，原条款不变。`],
  ContractAmended: (f) => [
    `已变更：${zhThis(f)}`,
    f.isInForce ? `双方同意变更${zhThis(f)}，现共${f.items}项，至${f.endsOn}止。` : `双方同意变更${zhThis(f)}，请双方按新条款签署。`,
  ],
  ItemFinished: (f) => [`请评价：${f.title}`, `${by(f)}报告${zhThis(f)}的项目“${f.title}”已完成，请双方评价。`],
  SideEvaluated: (f) => [
    `已评价：${f.title ?? zhThis(f)}`,
    `${by(f)}对${zhThis(f)}${f.title === null ? '' : `的项目“${f.title}”`}作出评价：${f.score}分。`,
  ],
  TerminationGiven: (f) => [`解除通知：${zhThis(f)}`, `${by(f)}通知解除${zhThis(f)}，于${zhOn(f.effectiveAt)}生效。`],
  ContractTerminated: (f) => [`已解除：${zhThis(f)}`, `${by(f)}的解除通知期满，${zhThis(f)}解除。`],
  ContractEnded: (f) => [`请评价：${zhThis(f)}`, `${zhThis(f)}期满，请双方于${zhOn(f.dueAt)}前评价。`],
  ContractClosed: (f) => [`已结束：${zhThis(f)}`, f.outcome === 'evaluated' ? `${zhThis(f)}已由双方评价，予以结束。` : zhLapsed(f)],
  DeadlineApproaching: (f) => [`即将到期：${zhThis(f)}`, `${zhDue(f)}的期限为${zhOn(f.dueAt)}${zhMissing(f)}。`],
  DeadlineMissed: (f) => [`已逾期：${zhThis(f)}`, `${zhDue(f)}的期限${zhOn(f.dueAt)}已过${zhMissing(f)}。`],
  Escalated: (f) => [
    `${f.rung?.name}：${zhThis(f)}`,
    `${zhDue(f)}的期限${zhOn(f.dueAt)}已过${zhMissing(f)}，现予${f.rung?.name}（第${f.rung?.level}级）。`,
  ],
  DeadlineMoved: (f) => [
    `期限调整：${zhThis(f)}`,
    `因${f.movedBy === null ? '' : ZH_MOVED[f.movedBy]}，${zhDue(f)}的期限由${zhOn(f.oldDueAt)}调整为${zhOn(f.dueAt)}。`,
  ],
};
const zhLapsed = (f: TemplateFacts): string =>
  f.outcome === 'unsigned' ? `${zhThis(f)}至期满仍未签署，予以结束。` : `${zhThis(f)}逾期未评价，予以结束。`;

const EN: Templates = {
  ContractProposed: (f) => [
    `To be signed: ${enThis(f)}`,
    `${by(f)} proposes a ${enThis(f)}. Items: ${f.items}. Both sides are to sign by ${enOn(f.dueAt)}.`,
  ],
  SignatureGiven: (f) => [`Waiting for your signature: ${enThis(f)}`, `${by(f)} has signed the ${enThis(f)}. Your side is to sign.`],
  ContractInForce: (f) => [`In force: ${enThis(f)}`, `Both sides have signed the ${enThis(f)}. Items: ${f.items}. It runs until ${f.endsOn}.`],
  ContractWithdrawn: (f) => [`Not to be signed: ${enThis(f)}`, `${by(f)} takes back, or will not sign, the ${enThis(f)}.`],
  AmendmentProposed: (f) => [
    `Amendment to be answered: ${enThis(f)}`,
    `${by(f)} wants other terms in the ${enThis(f)}. Your side is to agree or to decline.`,
  ],
  AmendmentDeclined: (f) => [`No amendment: ${enThis(f)}`, `${by(f)} declines, or takes back, the amendment of the ${enThis(f)}. Its terms stay.`],
  ContractAmended: (f) => [
    `Amended: ${enThis(f)}`,
    f.isInForce
      ? `Both sides agree on other terms of the ${enThis(f)}. Items: ${f.items}. It runs until ${f.endsOn}.`
      : `Both sides agree on other terms of the ${enThis(f)}, and are to sign them.`,
  ],
  ItemFinished: (f) => [
    `To be evaluated: ${f.title}`,
    `${by(f)} says that an item of the ${enThis(f)} is done: ${f.title}. Both sides are to evaluate it.`,
  ],
  SideEvaluated: (f) => [
    `Evaluated: ${f.title ?? enThis(f)}`,
    `${by(f)} gives ${f.score} of 5 points for the ${enThis(f)}${f.title === null ? '' : `, for the item ${f.title}`}.`,
  ],
  TerminationGiven: (f) => [`Notice of termination: ${enThis(f)}`, `${by(f)} terminates the ${enThis(f)}. It ends at ${enOn(f.effectiveAt)}.`],
  ContractTerminated: (f) => [`Terminated: ${enThis(f)}`, `The notice that ${by(f)} gave is over, and the ${enThis(f)} has ended.`],
  ContractEnded: (f) => [`To be evaluated: ${enThis(f)}`, `The ${enThis(f)} has ended. Both sides are to evaluate it by ${enOn(f.dueAt)}.`],
  ContractClosed: (f) => [
    `Closed: ${enThis(f)}`,
    f.outcome === 'evaluated' ? `Both sides have evaluated the ${enThis(f)}. It is closed.` : enLapsed(f),
  ],
  DeadlineApproaching: (f) => [`Due soon: ${enThis(f)}`, `The deadline for ${enDue(f)} is ${enOn(f.dueAt)}.${enMissing(f)}`],
  DeadlineMissed: (f) => [`Overdue: ${enThis(f)}`, `The deadline for ${enDue(f)}, ${enOn(f.dueAt)}, has passed.${enMissing(f)}`],
  Escalated: (f) => [
    `Escalated (${f.rung?.name}): ${enThis(f)}`,
    `The deadline for ${enDue(f)}, ${enOn(f.dueAt)}, has passed: level ${f.rung?.level}.${enMissing(f)}`,
  ],
  DeadlineMoved: (f) => [
    `Deadline moved: ${enThis(f)}`,
    `${f.movedBy === null ? '' : EN_MOVED[f.movedBy]}: the deadline for ${enDue(f)} moves from ${enOn(f.oldDueAt)} to ${enOn(f.dueAt)}.`,
  ],
};
const enLapsed = (f: TemplateFacts): string =>
  f.outcome === 'unsigned'
    ? `The ${enThis(f)} was not signed by its last day. It is closed.`
    : `The ${enThis(f)} was not evaluated in time. It is closed.`;

export const TEMPLATES: Readonly<Record<Language, Templates>> = { 'zh-CN': ZH, en: EN };
