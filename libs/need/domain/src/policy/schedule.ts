import { HOUR_MS, instantMsOf, plusMs } from '@qiyue/engine';
import { closingOn, dateOf, deadlineAfter, openingAfter, openingBefore, type Answer, type CalendarTable } from '@qiyue/calendar';
import type { DeadlineRule, DeadlineStage, PolicyDocument, Urgency, Window } from './policy.document';

/**
 * One step of a deadline. `at` is null while the calendar does not cover it: then nothing happens by itself, and the
 * step gets its instant when the calendar that covers it is imported.
 */
export interface ScheduledStep {
  readonly kind: 'approaching' | 'missed' | 'escalated';
  /** 0 for the reminder and the deadline itself, 1 … n for the rungs. */
  readonly level: number;
  readonly at: string | null;
}

/** A deadline as the event that starts it holds it: instants only, so that nothing has to be computed again. */
export interface Schedule {
  /** ISO 8601 with +08:00; null when the calendar does not reach so far. */
  readonly dueAt: string | null;
  /** In order of time; those without an instant last. */
  readonly steps: readonly ScheduledStep[];
  readonly policy: string;
  readonly calendar: string;
}

export interface Matter {
  readonly stage: DeadlineStage;
  readonly urgency?: Urgency;
  readonly category?: string;
  /** A date that the lead promised: counts when it is earlier. */
  readonly promisedBy?: string | null;
}

/** The first rule of the policy that fits. A checked policy has one for every matter. */
export const ruleFor = (policy: PolicyDocument, { stage, urgency = 'normal', category }: Matter): DeadlineRule | null =>
  policy.deadlines.find(
    (rule) =>
      rule.stage === stage && (rule.urgency === undefined || rule.urgency === urgency) && (rule.category === undefined || rule.category === category),
  ) ?? null;

/** When a window that starts at `from` ends; null when the calendar does not reach so far. */
export const windowEnd = (policy: PolicyDocument, table: CalendarTable, from: string, window: Window): string | null => {
  if ('hours' in window) return plusMs(from, window.hours * HOUR_MS);
  if ('workingDays' in window) return known(deadlineAfter(table, policy.officeHours, from, window.workingDays));
  return later(midnightAfter(from), plusMs(from, window.sameDayAtLeastHours * HOUR_MS));
};

/** Every instant of a deadline that starts at `from`. */
export const scheduleFor = (policy: PolicyDocument, table: CalendarTable, from: string, matter: Matter): Schedule => {
  const window = ruleFor(policy, matter)?.within ?? null;
  const end = window && windowEnd(policy, table, from, window);
  const dueAt = earlierPromise(policy, table, end, matter.promisedBy ?? null);
  const steps = dueAt === null || window === null ? [] : stepsOf(policy, table, from, dueAt, 'workingDays' in window);
  return { dueAt, steps, policy: policy.version, calendar: table.version };
};

const stepsOf = (policy: PolicyDocument, table: CalendarTable, from: string, dueAt: string, inWorkingDays: boolean): readonly ScheduledStep[] => {
  const after = (days: number, hours: number): string | null =>
    inWorkingDays ? known(openingAfter(table, policy.officeHours, dueAt, days)) : plusMs(dueAt, hours * HOUR_MS);
  const { beforeWorkingDays, beforeShareOfHours } = policy.remind;
  const reminder = inWorkingDays
    ? known(openingBefore(table, policy.officeHours, dueAt, beforeWorkingDays))
    : plusMs(dueAt, -(instantMsOf(dueAt) - instantMsOf(from)) * beforeShareOfHours);
  const remindable = reminder !== null && instantMsOf(reminder) > instantMsOf(from);
  return [
    ...(remindable ? [{ kind: 'approaching' as const, level: 0, at: reminder }] : []),
    { kind: 'missed', level: 0, at: dueAt },
    ...policy.ladder.map(({ level, afterWorkingDays, afterHours }) => ({
      kind: 'escalated' as const,
      level,
      at: after(afterWorkingDays, afterHours),
    })),
  ];
};

const earlierPromise = (policy: PolicyDocument, table: CalendarTable, end: string | null, promisedBy: string | null): string | null => {
  if (promisedBy === null) return end;
  const promised = known(closingOn(table, policy.officeHours, promisedBy.slice(0, 10)));
  if (promised === null || end === null) return end;
  return instantMsOf(promised) < instantMsOf(end) ? promised : end;
};

const known = <T>(answer: Answer<T>): T | null => (answer.ok ? answer.value : null);
const later = (a: string, b: string): string => (instantMsOf(a) > instantMsOf(b) ? a : b);

/** The day's 24:00 in Shanghai. */
const midnightAfter = (instant: string): string => {
  const date = dateOf(instant);
  return date.ok ? plusMs(`${date.value}T00:00:00.000+08:00`, 24 * HOUR_MS) : instant;
};
