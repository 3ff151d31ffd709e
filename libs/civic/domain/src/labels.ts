import { instantMsOf, minuteOf, toShanghaiIso, type Context } from '@qiyue/engine';
import { spokenNumberOf } from './spoken-number';

/** What an operator reads of an entity in Temporal's own pages: `240701-7K3M9P-N 加装扶手`. `title`: null where the command says none. */
export const numberedTitle = (title: string | null, { entity, now }: Pick<Context, 'entity' | 'now'>): string => {
  const number = spokenNumberOf(entity, toShanghaiIso(instantMsOf(now)));
  return title === null ? number : `${number} ${title}`;
};

const STEPS: Readonly<Record<string, string>> = {
  approaching: 'reminder',
  missed: 'missed, 催办',
  lapsed: 'closed without',
  whistle: 'answer to the whistle',
};

/** A step of a ladder by its `stepId`, as the timer for it says there: `claim by 2024-07-03 18:00: reminder`. `awaited`: what is due; null: nothing by name. */
export const stepLabel = (awaited: string | null, dueAt: string | null, step: string): string => {
  const said = STEPS[step] ?? step.replace('escalated:', 'told upwards, rung ');
  return dueAt === null || awaited === null ? said : `${awaited} by ${minuteOf(dueAt)}: ${said}`;
};
