import type { Fact, TimedStage } from '@qiyue/unit-year-domain';
import type { UnitYearView } from '@qiyue/unit-year-views';
import type { ToldEvent, ToldType } from './told';

/** All that a template can say. Nothing else of a year reaches one, so no reason and no money can slip into a message. */
export interface TemplateFacts {
  readonly unit: string;
  readonly year: number;
  /** Of the pledge that this is about. */
  readonly title: string | null;
  readonly community: string | null;
  readonly stage: TimedStage | null;
  readonly dueAt: string | null;
  readonly oldDueAt: string | null;
  readonly rung: { readonly level: number; readonly name: string } | null;
  readonly upheld: boolean | null;
  readonly failedBy: Fact<'PledgeFailed'>['data']['cause'] | null;
  readonly movedBy: Fact<'DeadlineMoved'>['data']['cause'] | null;
  /** Pledges that have no need yet. */
  readonly waiting: number;
}

const is = <T extends ToldType>(event: ToldEvent, type: T): event is ToldEvent & Fact<T> => event.type === type;

export const factsOf = (event: ToldEvent, { unit, year, pledges }: UnitYearView): TemplateFacts => {
  const about: { readonly pledgeId?: string; readonly stage?: TimedStage; readonly dueAt?: string | null } = event.data;
  return {
    ...{ unit, year },
    title: pledges.find(({ pledgeId }) => pledgeId === about.pledgeId)?.title ?? null,
    community: is(event, 'PledgeContested') ? event.data.community : null,
    ...{ stage: about.stage ?? null, dueAt: about.dueAt ?? null },
    oldDueAt: is(event, 'DeadlineMoved') ? event.data.oldDueAt : null,
    rung: is(event, 'Escalated') ? { level: event.data.level, name: event.data.name } : null,
    upheld: is(event, 'PledgeSettled') ? event.data.upheld : null,
    failedBy: is(event, 'PledgeFailed') ? event.data.cause : null,
    movedBy: is(event, 'DeadlineMoved') ? event.data.cause : null,
    waiting: pledges.filter(({ state }) => state === 'promised').length,
  };
};
