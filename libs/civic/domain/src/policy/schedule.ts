import {
  addWorkingDays,
  closingOn,
  dateOf,
  deadlineAfter,
  openingAfter,
  openingBefore,
  workingDaysBetween,
  type Answer,
  type CalendarTable,
} from '@qiyue/calendar';
import { HOUR_MS, instantMsOf, plusMs } from '@qiyue/engine';
import type { DeadlineRule, DeadlineStage, Urgency, Window } from './policy.document';
import type { DeadlineTables, LadderTables, PolicyTable } from './policy.table';

/**
 * One step of a deadline. `at` is null while the calendar does not cover it: then nothing happens by itself, and the
 * step gets its instant when the calendar that covers it is imported.
 */
export interface ScheduledStep {
  readonly kind: 'approaching' | 'missed' | 'escalated' | 'lapsed';
  /** 0, or 1 … n for the rungs. */
  readonly level: number;
  /** The rung's. */
  readonly name?: string;
  readonly at: string | null;
}

/** A deadline as the event that starts it holds it: instants only, so that nothing has to be computed again. */
export interface Schedule {
  /** The start of the window. */
  readonly from: string;
  /** ISO 8601 with +08:00; null when the calendar does not reach so far. */
  readonly dueAt: string | null;
  /** In order of time; those without an instant last. */
  readonly steps: readonly ScheduledStep[];
  /** Versions. */
  readonly policy: string;
  readonly calendar: string;
}

/** Everything that a deadline follows from, beside calendar and policy. */
export interface Basis {
  readonly stage: DeadlineStage;
  readonly urgency?: Urgency | undefined;
  readonly category?: string | undefined;
  /** The start of the window. */
  readonly from: string;
  /** A date that the lead promised: counts when it is earlier. */
  readonly promisedBy?: string | null;
  readonly extensionWorkingDays?: number;
  /** When the clock stood still. */
  readonly pauses?: readonly Pause[];
  /**
   * A promise that was over when the window began is missed once, at once, and the rungs are counted from the beginning of the window. Left out: from the
   * promise, so that all of them may be due together.
   */
  readonly rungsFromStart?: boolean;
  /** Where the window ends, whatever the policy says by now; left out: by the policy. */
  readonly endsAt?: string;
}
export interface Pause {
  readonly from: string;
  readonly to: string;
}

type Matter = Pick<Basis, 'stage' | 'urgency' | 'category'>;

/** The first rule of the policy that fits. A checked policy has one for every matter. */
export const ruleFor = (
  policy: Pick<PolicyTable, 'deadlines'>,
  { stage, urgency = 'normal', category }: Matter,
): Omit<DeadlineRule, 'basis'> | null =>
  policy.deadlines.find(
    (rule) =>
      rule.stage === stage && (rule.urgency === undefined || rule.urgency === urgency) && (rule.category === undefined || rule.category === category),
  ) ?? null;

/** When a window that starts at `from` ends; null when the calendar does not reach so far. */
export const windowEnd = ({ calendar, policy }: LadderTables, from: string, window: Window): string | null => {
  if ('hours' in window) return plusMs(from, window.hours * HOUR_MS);
  if ('workingDays' in window) return known(deadlineAfter(calendar, policy.officeHours, from, window.workingDays));
  return later(midnightAfter(from), plusMs(from, window.sameDayAtLeastHours * HOUR_MS));
};

/** Every instant of a deadline. A policy without a rule for it gives a deadline without an instant. */
export const scheduleFor = (tables: DeadlineTables, basis: Basis): Schedule => {
  const { policy, calendar } = tables;
  const window = ruleFor(policy, basis)?.within ?? null;
  const dueAt = window && dueAtFor(tables, basis, window);
  const steps = window === null || dueAt === null ? [] : stepsOf(tables, basis, dueAt, window);
  return { from: basis.from, dueAt, steps, policy: policy.version, calendar: calendar.version };
};

/** A deadline so long after `from`, with the whole ladder: for what no rule of the policy is about. */
export const scheduleWithin = (tables: LadderTables, from: string, window: Window): Schedule => {
  const { policy, calendar } = tables;
  const dueAt = windowEnd(tables, from, window);
  const inWorkingDays = 'workingDays' in window;
  const steps =
    dueAt === null ? [] : [...reminderSteps(tables, from, dueAt, inWorkingDays), missedAt(dueAt), ...rungsOf(tables, dueAt, inWorkingDays)];
  return { from, dueAt, steps, policy: policy.version, calendar: calendar.version };
};

/** The same, closed without those who are still waited for so many working days after it: the ladder ends there with the step `lapsed`. */
export const scheduleThatLapses = (tables: LadderTables, from: string, window: Window, lapseAfterWorkingDays: number): Schedule => {
  const schedule = scheduleWithin(tables, from, window);
  return schedule.dueAt === null
    ? schedule
    : { ...schedule, steps: untilLapse(schedule.steps, lapseOf(tables, schedule.dueAt, lapseAfterWorkingDays)) };
};

/**
 * A deadline on a fixed date, `YYYY-MM-DD`: it ends with the office's closing there, or on the next working day when it is none (Civil Code Art. 203),
 * and has the whole ladder. Null when that is over at `from`: nobody is late for what was over before it began.
 */
export const scheduleAt = (tables: LadderTables, from: string, date: string): Schedule | null => {
  const { policy, calendar } = tables;
  const dueAt = known(closingOn(calendar, policy.officeHours, date));
  if (dueAt === null ? date < dayOf(from) : !isBefore(from, dueAt)) return null;
  const steps = dueAt === null ? [] : [...reminderSteps(tables, from, dueAt, true), missedAt(dueAt), ...rungsOf(tables, dueAt, true)];
  return { from, dueAt, steps, policy: policy.version, calendar: calendar.version };
};

/** One that ends by itself with the 24:00 of a date, worked or not: nobody can be late for it, so it has a reminder and no ladder. */
export const scheduleUntil = (tables: LadderTables, from: string, date: string): Schedule => {
  const noon = `${date}T12:00:00.000+08:00`;
  return { ...scheduleEnding(tables, from, noon), dueAt: midnightAfter(noon) };
};

/** The same with an instant. */
export const scheduleEnding = ({ policy, calendar }: LadderTables, from: string, dueAt: string): Schedule => {
  const { beforeWorkingDays } = policy.remind;
  const at = beforeWorkingDays === 0 ? undefined : known(openingBefore(calendar, policy.officeHours, dueAt, beforeWorkingDays));
  const steps = at === undefined || !isBefore(from, at) ? [] : [{ kind: 'approaching' as const, level: 0, at }];
  return { from, dueAt, steps, policy: policy.version, calendar: calendar.version };
};

const dueAtFor = (tables: DeadlineTables, basis: Basis, window: Window): string | null => {
  const end = endOf(tables, basis, window);
  return end && continued(tables, basis, window, end);
};

/** Without what was added to it since. */
const endOf = (tables: DeadlineTables, { from, promisedBy = null, endsAt }: Basis, window: Window): string | null =>
  endsAt ?? earlierPromise(tables, windowEnd(tables, from, window), promisedBy);

/** Later by as long as the clock stood still, and by the extension. */
const continued = (tables: DeadlineTables, { pauses = [], extensionWorkingDays = 0 }: Basis, window: Window, end: string): string | null => {
  const stood = 'workingDays' in window ? plusStoodDays(tables, end, pauses) : plusMs(end, stoodMs(pauses));
  return stood && extensionWorkingDays > 0 ? plusWorkingDays(tables, stood, extensionWorkingDays) : stood;
};

const stepsOf = (tables: DeadlineTables, basis: Basis, dueAt: string, window: Window): readonly ScheduledStep[] => {
  const inWorkingDays = 'workingDays' in window;
  const isOverAtStart = basis.rungsFromStart === true && isBefore(endOf(tables, basis, window), basis.from);
  const climbsFrom = (isOverAtStart ? continued(tables, basis, window, basis.from) : null) ?? dueAt;
  const reminder = isOverAtStart ? [] : reminderSteps(tables, basis.from, dueAt, inWorkingDays);
  const steps = [...reminder, missedAt(dueAt), ...rungsOf(tables, climbsFrom, inWorkingDays)];
  return basis.stage === 'done' ? untilLapse(steps, lapseOf(tables, dueAt, tables.policy.evaluation.lapseAfterWorkingDays)) : steps;
};

const lapseOf = ({ policy, calendar }: LadderTables, dueAt: string, workingDays: number): string | null =>
  known(openingAfter(calendar, policy.officeHours, dueAt, workingDays));

/** Without the rungs that would come behind it. */
const untilLapse = (steps: readonly ScheduledStep[], lapse: string | null): readonly ScheduledStep[] => [
  ...steps.filter(({ kind, at }) => kind !== 'escalated' || isBefore(at, lapse)),
  { kind: 'lapsed', level: 0, at: lapse },
];

const missedAt = (dueAt: string): ScheduledStep => ({ kind: 'missed', level: 0, at: dueAt });

const reminderSteps = (tables: LadderTables, from: string, dueAt: string, inWorkingDays: boolean): readonly ScheduledStep[] => {
  const at = reminderOf(tables, from, dueAt, inWorkingDays);
  return at === null ? [] : [{ kind: 'approaching', level: 0, at }];
};

const rungsOf = ({ policy, calendar }: LadderTables, dueAt: string, inWorkingDays: boolean): readonly ScheduledStep[] =>
  policy.ladder.map(({ level, name, afterWorkingDays, afterHours }) => ({
    kind: 'escalated',
    level,
    name,
    at: inWorkingDays ? known(openingAfter(calendar, policy.officeHours, dueAt, afterWorkingDays)) : plusMs(dueAt, afterHours * HOUR_MS),
  }));

/** None when it would lie at the start or before it. */
const reminderOf = ({ policy, calendar }: LadderTables, from: string, dueAt: string, inWorkingDays: boolean): string | null => {
  const { beforeWorkingDays, beforeShareOfHours } = policy.remind;
  const at = inWorkingDays
    ? known(openingBefore(calendar, policy.officeHours, dueAt, beforeWorkingDays))
    : plusMs(dueAt, -(instantMsOf(dueAt) - instantMsOf(from)) * beforeShareOfHours);
  return at !== null && isBefore(from, at) ? at : null;
};

const earlierPromise = ({ policy, calendar }: DeadlineTables, end: string | null, promisedBy: string | null): string | null => {
  if (promisedBy === null) return end;
  const promised = known(closingOn(calendar, policy.officeHours, dayOf(promisedBy)));
  if (promised === null || end === null) return end;
  return isBefore(promised, end) ? promised : end;
};

/** The day in Shanghai. */
const dayOf = (instant: string): string => known(dateOf(instant)) ?? instant.slice(0, 10);

/** 顺延: as many working days as the clock stood still, the day on which it stopped not counted. */
const plusStoodDays = (tables: DeadlineTables, dueAt: string, pauses: readonly Pause[]): string | null => {
  const days = pauses.map(({ from, to }) => workingDaysOver(tables.calendar, from, to));
  if (days.includes(null)) return null;
  const sum = days.reduce<number>((total, count) => total + (count ?? 0), 0);
  return sum > 0 ? plusWorkingDays(tables, dueAt, sum) : dueAt;
};

/** Working days from the day of one instant to the day of another; null when the calendar does not cover them. */
export const workingDaysOver = (calendar: CalendarTable, from: string, to: string): number | null => {
  const [start, end] = [known(dateOf(from)), known(dateOf(to))];
  return start === null || end === null ? null : known(workingDaysBetween(calendar, start, end));
};

const stoodMs = (pauses: readonly Pause[]): number => pauses.reduce((sum, { from, to }) => sum + instantMsOf(to) - instantMsOf(from), 0);

const plusWorkingDays = ({ calendar, policy }: DeadlineTables, instant: string, days: number): string | null => {
  const date = known(dateOf(instant));
  const last = date && known(addWorkingDays(calendar, date, days));
  return last && known(closingOn(calendar, policy.officeHours, last));
};

const known = <T>(answer: Answer<T>): T | null => (answer.ok ? answer.value : null);
const later = (a: string, b: string): string => (isBefore(a, b) ? b : a);
/** No instant is later than every other. */
const isBefore = (a: string | null, b: string | null): boolean => (a === null ? Infinity : instantMsOf(a)) < (b === null ? Infinity : instantMsOf(b));

/** The day's 24:00 in Shanghai. */
const midnightAfter = (instant: string): string => {
  const date = dateOf(instant);
  return date.ok ? plusMs(`${date.value}T00:00:00.000+08:00`, 24 * HOUR_MS) : instant;
};
