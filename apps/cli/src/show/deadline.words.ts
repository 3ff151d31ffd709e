import { minuteOf } from '@qiyue/engine';
import type { DeadlineStage } from '@qiyue/civic-domain';
import type { Fact, Side } from '@qiyue/need-domain';
import type { Language } from '../context';

type Words = Readonly<Record<Language, string>>;

const STAGES = {
  submitted: { 'zh-CN': '认领', en: 'the claim' },
  claimed: { 'zh-CN': '资金', en: 'the money' },
  funded: { 'zh-CN': '完工', en: 'the works' },
  done: { 'zh-CN': '评价', en: 'the evaluation' },
} satisfies Readonly<Record<DeadlineStage, Words>>;
/** What is waited for in a stage; in one of another kind of entity than needs, what that kind calls it. */
export const stageWord = (stage: string, language: Language, stages: Readonly<Record<string, Words>> = {}): string =>
  (STAGES as Readonly<Record<string, Words>>)[stage]?.[language] ?? stages[stage]?.[language] ?? stage;
const SIDES: Readonly<Record<Side, Words>> = {
  resident: { 'zh-CN': '居民未评价', en: 'the residents are missing' },
  community: { 'zh-CN': '社区未评价', en: 'the community is missing' },
};
const REACHES: Readonly<Record<'all' | 'centre', Words>> = {
  all: { 'zh-CN': '扩大到全部部门', en: 'to all departments' },
  centre: { 'zh-CN': '交服务中心兜底', en: 'to the centre, the last resort' },
};

/** `2025-02-06T18:00:00.000+08:00` → `2025-02-06 18:00`; a date that no calendar covers has a word. */
export const dateWord = (iso: string | null, zh: boolean): string => (iso === null ? (zh ? '暂定' : 'provisional') : minuteOf(iso));

export const untilWords = (
  { stage, dueAt }: { readonly stage: string; readonly dueAt: string },
  language: Language,
  stages?: Readonly<Record<string, Words>>,
): string =>
  language === 'zh-CN'
    ? `${stageWord(stage, language, stages)}期限 ${dateWord(dueAt, true)}`
    : `${stageWord(stage, language, stages)} was due ${dateWord(dueAt, false)}`;

export const calledWords = ({ reach, units, answerBy }: Fact<'WhistleBlown'>['data'], language: Language): string => {
  const zh = language === 'zh-CN';
  const whom = reach === 'named' ? units.join(zh ? '、' : ', ') : REACHES[reach][language];
  return answerBy === null ? whom : `${whom}${zh ? '，' : ', '}${zh ? '答复期限' : 'answer by'} ${dateWord(answerBy, zh)}`;
};

type Moved = { readonly oldDueAt: string | null; readonly dueAt: string | null };
export const movedWords = ({ oldDueAt, dueAt }: Moved, language: Language): string =>
  `${dateWord(oldDueAt, language === 'zh-CN')} → ${dateWord(dueAt, language === 'zh-CN')}`;

export const missingWords = ({ missing }: Fact<'EvaluationLapsed'>['data'], language: Language): string =>
  missing.map((side) => SIDES[side][language]).join(language === 'zh-CN' ? '、' : ', ');
