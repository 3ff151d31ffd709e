import type { HistoryEvent } from '@qiyue/client';
import type { Language } from '../context';
import { firstKind } from '../show/entity-in';
import { timelineOf } from '../show/timeline';
import type { ToldDemo, ToldNeed } from './run-demo';

/** Stage that the world sees after an event, for the events that change it. */
const STAGE_AFTER: Readonly<Record<string, string>> = {
  NeedSubmitted: 'submitted',
  NeedClaimed: 'claimed',
  NeedFunded: 'funded',
  NeedDone: 'done',
  NeedEvaluated: 'evaluated',
  NeedReopened: 'claimed',
};

/** How long the need was in each stage, ms, by its events' times; the stage it is in now ends with its last event. */
export const stageMsOf = (events: readonly HistoryEvent[]): Readonly<Record<string, number>> => {
  const spent: Record<string, number> = {};
  let stage: string | null = null;
  let sinceMs = 0;
  for (const { type, time } of events) {
    const atMs = Date.parse(time);
    if (stage !== null) spent[stage] = (spent[stage] ?? 0) + atMs - sinceMs;
    sinceMs = atMs;
    stage = STAGE_AFTER[type] ?? stage;
    if (stage !== null) spent[stage] ??= 0;
  }
  return spent;
};

export const jsonReport = ({ told, scores }: ToldDemo, wallMs: number): object => ({
  needs: told.map(({ story, end, need, events }) => ({
    needId: end.needId,
    title: story.title,
    stage: need.stage,
    events: events.length,
    stageMs: stageMsOf(events),
  })),
  refused: told.reduce((sum, { end }) => sum + end.refusals.length, 0),
  reopened: told.reduce((sum, { end }) => sum + end.reopened, 0),
  budgets: scores.map(({ budget: { unit, grantedFen, reservedFen, committedFen, availableFen } }) => ({
    ...{ unit, grantedFen, reservedFen, committedFen, availableFen },
  })),
  wallMs: Math.round(wallMs),
});

const STAGES: Readonly<Record<string, string>> = { submitted: '待认领', claimed: '已认领', funded: '资金到位', done: '已验收', evaluated: '已评价' };

export const stageWord = (stage: string, language: Language): string => (language === 'zh-CN' ? (STAGES[stage] ?? stage) : stage);

/** One need as a person reads it: title, where, its timeline, and what was refused on the way. */
export const storyLines = ({ story, end, need, events }: ToldNeed, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  const place = [story.community, story.compound].filter((part) => part !== null).join(' ');
  const refusals = end.refusals.map(({ command, code }) => `  ✗ ${refusalText(command, code, zh)}`);
  return [
    `■ ${story.title}  ${place}  [${stageWord(need.stage, language)}]  ${end.needId}`,
    ...timelineOf(events, language, firstKind()),
    ...refusals,
    '',
  ];
};

const refusalText = (command: string, code: string, zh: boolean): string => {
  if (command === 'fund' && code === 'decision-missing') {
    return zh
      ? '未经业主共同决定使用维修资金，被拒（decision-missing）；后经调解两轮、主管部门确认应急使用'
      : 'the maintenance fund without an owners’ decision is refused (decision-missing); then two rounds of mediation, and an emergency that the authority confirms';
  }
  if (command === 'fund' && code === 'over-budget') {
    return zh
      ? '申请的资金超出年度预算，被拒（over-budget），改按预算内金额落实'
      : 'more was asked for than the budget of the year has (over-budget); funded within it then';
  }
  if (command === 'claim') return zh ? `另一部门后到的认领被拒（${code}）` : `a second department came too late with its claim (${code})`;
  return zh ? `${command} 被拒（${code}）` : `${command} refused (${code})`;
};
