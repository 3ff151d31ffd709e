import {
  DEFAULT_DECISION,
  scheduleEnding,
  scheduleWithin,
  tablesOf,
  type DecisionPolicy,
  type DeadlineTables,
  type Schedule,
  type StartsDeadline,
  type Window,
} from '@qiyue/civic-domain';
import { DAY_MS, plusMs, type Context } from '@qiyue/engine';
import type { TimedStage } from './decision.events';

/** What of a policy a decision keeps from its beginning to its end. */
export type Terms = Pick<
  DecisionPolicy,
  | 'secondBallot'
  | 'confirmation'
  | 'emergency'
  | 'noticeDaysMin'
  | 'firstDrawPercentMax'
  | 'beforeAuditPercentMax'
  | 'warrantyYears'
  | 'warrantyReminderDays'
>;

/** What a decision goes by that was never given a calendar and a policy: it waits for nobody, and ends what ends by itself. */
const UNTIMED = 'default-decision-1';

export const decisionPolicyOf = ({ tables }: Pick<Context, 'tables'>): DecisionPolicy => tablesOf({ tables })?.policy.decision ?? DEFAULT_DECISION;

export const termsOf = (policy: DecisionPolicy, isBeforeHandover: boolean): Terms => ({
  secondBallot: policy.secondBallot,
  confirmation: isBeforeHandover ? 'approval' : policy.confirmation,
  emergency: policy.emergency,
  noticeDaysMin: policy.noticeDaysMin,
  firstDrawPercentMax: policy.firstDrawPercentMax,
  beforeAuditPercentMax: policy.beforeAuditPercentMax,
  warrantyYears: policy.warrantyYears,
  warrantyReminderDays: policy.warrantyReminderDays,
});

/** The day of Shanghai on which an instant of a record lies. */
export const dayOf = (instant: string): string => instant.slice(0, 10);
/** The 24:00 of the day so many days after the one of `from`, which is not counted (Civil Code Art. 201). */
export const endOfDayAfter = (from: string, days: number): string => plusMs(`${dayOf(from)}T00:00:00.000+08:00`, (days + 1) * DAY_MS);

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
/** The 24:00 of the same day so many years later; of 29 February that of the 28th, where the year has none. */
export const yearsAfter = (from: string, years: number): string => {
  const [year, day] = [Number(from.slice(0, 4)) + years, from.slice(5, 10)];
  return plusMs(`${year}-${day === '02-29' && !isLeap(year) ? '02-28' : day}T00:00:00.000+08:00`, DAY_MS);
};

/** What a stage ends with: by itself at an instant, or when somebody has done something within a window. */
const windowOf = (stage: TimedStage, policy: DecisionPolicy): Window | null => {
  switch (stage) {
    case 'preparing':
      return policy.prepareWithin;
    case 'passed':
    case 'emergency':
      return policy.noticeWithin;
    case 'confirming':
    case 'declared':
      return policy.confirmWithin;
    case 'voting':
    case 'noticing':
    case 'warranty':
      return null;
  }
};

/** The deadline of a stage that begins at `from`; `endsAt` where it ends by itself. */
export const scheduleOf = (stage: TimedStage, tables: DeadlineTables, from: string, endsAt: string | null, reminderDays: number): Schedule => {
  const window = windowOf(stage, tables.policy.decision ?? DEFAULT_DECISION);
  if (window !== null) return scheduleWithin(tables, from, window);
  const schedule = scheduleEnding(tables, from, endsAt ?? from);
  if (stage !== 'warranty') return schedule;
  return { ...schedule, steps: [{ kind: 'approaching', level: 0, at: plusMs(endsAt ?? from, -reminderDays * DAY_MS) }] };
};

/** A stage's deadline as a decision starts it: the fields of the event. */
export type Started = StartsDeadline & { readonly dueAt: string | null };

export const startStage = (stage: TimedStage, context: Context, endsAt: string | null = null, reminderDays = 0): Started => {
  const tables = tablesOf(context);
  if (tables === null) return { dueAt: endsAt, policy: UNTIMED };
  const deadline = scheduleOf(stage, tables, context.now, endsAt, reminderDays);
  return { dueAt: deadline.dueAt, policy: tables.policy.version, deadline };
};
/** Nobody is waited for. */
export const NOBODY_WAITED_FOR = (context: Context): Started => ({ dueAt: null, policy: tablesOf(context)?.policy.version ?? UNTIMED });
