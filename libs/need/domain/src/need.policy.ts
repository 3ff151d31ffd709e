import { DAY_MS, HOUR_MS, instantMsOf, plusMs, refuse, toShanghaiIso, type Context, type RulesContext } from '@qiyue/engine';
import { addWorkingDays, deadlineAfter } from '@qiyue/calendar';
import {
  earlierOf,
  isInstant,
  ANSWER_MAX_WORKING_DAYS,
  PROMISE_MAX_WORKING_DAYS,
  scheduleFor,
  tablesOf,
  type Basis,
  type DeadlineStage,
  type DeadlineTables,
  type Schedule,
} from '@qiyue/civic-domain';
import { invalidBody, type NeedDecision } from './need.decision';
import { MISTAKES_SINCE } from './need.since';

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
  const deadline = scheduleFor(tables, { ...matter, ...rungsUnder(context), from: context.now });
  return { dueAt: deadline.dueAt, under: { policy: tables.policy.version, deadline } };
};

/** How the rungs of a deadline are counted whose promise was over when it began: of before, all of them from the promise. */
export const rungsUnder = ({ rules }: RulesContext): Pick<Basis, 'rungsFromStart'> => (rules < MISTAKES_SINCE ? {} : { rungsFromStart: true });

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

const DAYS_OF_A_WORKING_DAY = 7 / 5;

/** Days for which a lead may promise, `YYYY-MM-DD` of Shanghai, both ends counted. Where the calendar does not reach, a week has five working days. */
const promiseDays = (context: Context): { readonly earliest: string; readonly latest: string } => {
  const workingDays = tablesOf(context)?.policy.promiseMaxWorkingDays ?? PROMISE_MAX_WORKING_DAYS;
  return { earliest: dayOf(context.now), latest: workingDayFromNow(context, workingDays) };
};

/** The end of the last day for which an answer to a call may be asked, ISO 8601 with +08:00. */
export const answerDayEnd = (context: Context): string => {
  const workingDays = tablesOf(context)?.policy.whistle.answerMaxWorkingDays ?? ANSWER_MAX_WORKING_DAYS;
  return `${workingDayFromNow(context, workingDays)}T23:59:59.999+08:00`;
};

const workingDayFromNow = (context: Context, workingDays: number): string => {
  const tables = tablesOf(context);
  const roughly = dayOf(plusMs(context.now, Math.ceil(workingDays * DAYS_OF_A_WORKING_DAY) * DAY_MS));
  return (tables && workingDayAfter(tables, dayOf(context.now), workingDays)) ?? roughly;
};

const workingDayAfter = ({ calendar }: DeadlineTables, day: string, workingDays: number): string | null => {
  const last = addWorkingDays(calendar, day, workingDays);
  return last.ok ? last.value : null;
};

/** In Shanghai. */
const dayOf = (instant: string): string => toShanghaiIso(instantMsOf(instant)).slice(0, 'YYYY-MM-DD'.length);

/** A promise ends with its day. Null: it may be given. */
export const promiseRefusal = (promisedBy: string, context: Context): NeedDecision | null => {
  if (!isInstant(promisedBy)) return invalidBody('promisedBy');
  if (context.rules < MISTAKES_SINCE) return null;
  const [day, { earliest, latest }] = [dayOf(promisedBy), promiseDays(context)];
  return day < earliest || day > latest ? refuse('bad-promise', { earliest, latest }) : null;
};
