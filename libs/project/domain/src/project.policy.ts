import { DEFAULT_POLICY_DOCUMENT, scheduleAt, tablesOf, type Schedule } from '@qiyue/civic-domain';
import { DAY_MS, plusMs, type Context } from '@qiyue/engine';

type Known = Pick<Context, 'now' | 'tables'>;

/** `now` is written in the time of Shanghai, as records are. */
export const isOver = (day: string, { now }: Pick<Context, 'now'>): boolean => day < now.slice(0, 10);

/** The deadline on a day, as an event starts it: nothing where there is no day, where it is over, or without calendar and policy. */
export const deadlineOn = (day: string | null, { now, tables }: Known): { readonly deadline?: Schedule } => {
  const known = tablesOf({ tables });
  const deadline = day === null || known === null ? null : scheduleAt(known, now, day);
  return deadline === null ? {} : { deadline };
};

/** A need can be reopened for so long after it was evaluated: as long has a finished project to wait for that. */
export const closesAtOf = ({ now, tables }: Known): string =>
  plusMs(now, (tablesOf({ tables })?.policy ?? DEFAULT_POLICY_DOCUMENT).reopenDays * DAY_MS);
