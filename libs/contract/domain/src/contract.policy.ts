import {
  DEFAULT_CONTRACT,
  earlierOf,
  isDay,
  midnightAfterDay,
  scheduleThatLapses,
  scheduleUntil,
  scheduleWithin,
  tablesOf,
  type ContractPolicy,
  type DeadlineTables,
  type Schedule,
  type StartsDeadline,
} from '@qiyue/civic-domain';
import { DAY_MS, plusMs, type Context } from '@qiyue/engine';
import type { TimedStage } from './contract.events';
import type { Existing } from './contract.state';

/** What a contract goes by that was never given a calendar and a policy: it ends at its end and has no other deadline. */
const UNTIMED = 'default-contract-1';

const policyOf = (context: Pick<Context, 'tables'>): ContractPolicy => tablesOf(context)?.policy.contract ?? DEFAULT_CONTRACT;

/** The deadline of a stage that begins at `from`. */
export const scheduleOf = (stage: TimedStage, tables: DeadlineTables, from: string, endsOn: string): Schedule => {
  const { signWithin, evaluateWithin, lapseAfterWorkingDays } = tables.policy.contract ?? DEFAULT_CONTRACT;
  switch (stage) {
    case 'proposed':
      return scheduleWithin(tables, from, signWithin);
    case 'in-force':
      return scheduleUntil(tables, from, endsOn);
    case 'evaluating':
      return scheduleThatLapses(tables, from, evaluateWithin, lapseAfterWorkingDays);
  }
};

/** The deadline for the evaluations of an item that is finished at `from`. At the contract's end all that is missing is waited for together. */
export const itemScheduleOf = (tables: DeadlineTables, from: string): Schedule =>
  scheduleWithin(tables, from, (tables.policy.contract ?? DEFAULT_CONTRACT).evaluateWithin);

/** A stage's deadline as a decision starts it: the fields of the event. */
export type Started = StartsDeadline & { readonly dueAt: string | null };

export const startStage = (stage: TimedStage, context: Context, { endsOn, endsAt }: Pick<Existing, 'endsOn' | 'endsAt'>): Started => {
  const tables = tablesOf(context);
  if (tables === null) return { dueAt: stage === 'in-force' ? endsAt : null, policy: UNTIMED };
  const deadline = scheduleOf(stage, tables, context.now, endsOn);
  return { dueAt: deadline.dueAt, policy: tables.policy.version, deadline };
};

/** When a notice of termination that is given now takes effect: a contract that ends before that ends by it. */
export const effectiveAtOf = (context: Context, endsAt: string): string => {
  const lastDay = plusMs(context.now, policyOf(context).noticeDays * DAY_MS).slice(0, 10);
  return earlierOf(midnightAfterDay(lastDay), endsAt);
};

/** A day of that year. */
export const isDayOf = (year: number, day: string): boolean => isDay(day) && day.startsWith(`${year}-`);
