import type { Fact, UnitYearEventType } from '@qiyue/unit-year-domain';

/** Events that somebody is told of; all others are seen by looking at the year. */
export const TOLD_TYPES = [
  'DeadlineApproaching',
  'DeadlineMissed',
  'Escalated',
  'DeadlineMoved',
  'PledgeContested',
  'PledgeSettled',
  'PledgeFailed',
] as const satisfies readonly UnitYearEventType[];
export type ToldType = (typeof TOLD_TYPES)[number];
export type ToldEvent = Fact<ToldType>;
