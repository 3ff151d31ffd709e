import { HOUR_MS, plusMs, type Context } from '@qiyue/engine';
import { deadlineAfter } from '@qiyue/calendar';
import { earlierOf, type DeadlineStage, tablesOf, scheduleFor, type Basis, type Schedule } from '@qiyue/civic-domain';

/** What a need goes by that was never given a calendar and a policy: windows in plain hours, without a ladder. */
const HOURS_ONLY = {
  version: 'default-hours-1',
  windows: { submitted: 48, claimed: 72, funded: 312, done: 120 } satisfies Readonly<Record<DeadlineStage, number>>,
  returnHours: 48,
  reopenDays: 30,
};

/** A deadline as a decision starts it: `dueAt` is null where the calendar does not reach, `under` goes into the event. */
export interface Started {
  readonly dueAt: string | null;
  readonly under: { readonly policy: string; readonly deadline?: Schedule };
}

export const startDeadline = (context: Context, matter: Omit<Basis, 'from'>): Started => {
  const tables = tablesOf(context);
  if (tables === null) return hoursOnly(context.now, matter);
  const deadline = scheduleFor(tables, { ...matter, from: context.now });
  return { dueAt: deadline.dueAt, under: { policy: tables.policy.version, deadline } };
};

const hoursOnly = (now: string, { stage, promisedBy = null }: Omit<Basis, 'from'>): Started => {
  const end = plusMs(now, HOURS_ONLY.windows[stage] * HOUR_MS);
  return { dueAt: promisedBy === null ? end : earlierOf(promisedBy, end), under: { policy: HOURS_ONLY.version } };
};

/** 退单: the end of the window in which a claim of `from` can be given back; null where the calendar does not reach. */
export const returnUntil = (context: Context, from: string = context.now): string | null => {
  const tables = tablesOf(context);
  if (tables === null) return plusMs(from, HOURS_ONLY.returnHours * HOUR_MS);
  const { calendar, policy } = tables;
  const end = deadlineAfter(calendar, policy.officeHours, from, policy.returnWorkingDays);
  return end.ok ? end.value : null;
};

/** Until when an evaluated need can still be reopened by hand, and the policy that says so. */
export const closing = (context: Context): { readonly closesAt: string; readonly policy: string } => {
  const policy = tablesOf(context)?.policy ?? HOURS_ONLY;
  return { closesAt: plusMs(context.now, policy.reopenDays * 24 * HOUR_MS), policy: policy.version };
};
