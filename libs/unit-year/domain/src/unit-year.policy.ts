import {
  DEFAULT_UNIT_YEAR,
  scheduleAt,
  scheduleUntil,
  tablesOf,
  type DeadlineTables,
  type Schedule,
  type StartsDeadline,
  type UnitYearPolicy,
} from '@qiyue/civic-domain';
import type { Context } from '@qiyue/engine';
import type { TimedStage } from './unit-year.events';

/** What a unit's year goes by that was never given a calendar and a policy: it closes at its end and has no other deadline. */
const UNTIMED = 'default-unit-year-1';
const LAST_DAY = '12-31';

export const unitYearPolicyOf = (context: Pick<Context, 'tables'>): UnitYearPolicy => tablesOf(context)?.policy.unitYear ?? DEFAULT_UNIT_YEAR;

/** 31 December 24:00 in Shanghai. */
export const closesAtOf = (year: number): string => `${year + 1}-01-01T00:00:00.000+08:00`;

/** The deadline of a stage that begins at `from`. Where its day is over by then, the year's end is what is left. */
export const scheduleOf = (stage: TimedStage, tables: DeadlineTables, from: string, year: number): Schedule =>
  ownSchedule(stage, tables, from, year) ?? scheduleUntil(tables, from, `${year}-${LAST_DAY}`);

const ownSchedule = (stage: TimedStage, tables: DeadlineTables, from: string, year: number): Schedule | null => {
  const { publishBy, halfwayBy } = tables.policy.unitYear ?? DEFAULT_UNIT_YEAR;
  switch (stage) {
    case 'pledging':
      return scheduleAt(tables, from, `${year}-${publishBy}`);
    case 'published':
      return scheduleAt(tables, from, `${year}-${halfwayBy}`);
    case 'fulfilling':
      return null;
  }
};

/** A stage's deadline as a decision starts it: the fields of the event. */
export type Started = StartsDeadline & { readonly dueAt: string | null };

export const startStage = (stage: TimedStage, context: Context, year: number): Started => {
  const tables = tablesOf(context);
  if (tables === null) return { dueAt: stage === 'fulfilling' ? closesAtOf(year) : null, policy: UNTIMED };
  const deadline = scheduleOf(stage, tables, context.now, year);
  return { dueAt: deadline.dueAt, policy: tables.policy.version, deadline };
};

/** Whether there still is a day by which each pledge is to have its need. */
export const isHalfwayAhead = (context: Context, year: number): boolean => {
  const tables = tablesOf(context);
  return tables === null || ownSchedule('published', tables, context.now, year) !== null;
};
