import { clockEntries, type CalendarOwner, type CalendarSource } from '@qiyue/aggregate';
import { isPerson, spokenNumberOf } from '@qiyue/civic-domain';
import { TIMED_STAGES, type TimedStage } from '@qiyue/decision-domain';
import type { DecisionView } from '@qiyue/decision-views';
import { AUTHORITYS } from './notices/recipients';
import { ZH_DUE, zh } from './notices/templates';

/** Stages whose deadline waits for this owner: votes for owners of rooms, confirmations for the authority, all else for the community. */
const stagesOf = ({ role }: CalendarOwner): readonly TimedStage[] => {
  if (isPerson(role)) return ['voting'];
  if (role === 'authority') return [...AUTHORITYS];
  return role === 'community' ? TIMED_STAGES.filter((stage) => !AUTHORITYS.has(stage)) : [];
};

/** Whose decisions these are. Null: nobody's. */
const whoseOf = ({ role, unit, person }: CalendarOwner): object | null => {
  if (person !== null) return { 'view.roster.owner': person };
  if (role === 'authority') return {};
  return role === 'community' && unit !== null ? { 'view.community': unit } : null;
};

/** Ballots that close, notices, confirmations and warranties of owners' decisions. */
export const decisionCalendar: CalendarSource<DecisionView> = {
  conditionsOf: (owner) => {
    const whose = whoseOf(owner);
    return whose === null ? null : { ...whose, 'view.clock.stage': { $in: stagesOf(owner) }, 'view.dueAt': { $gt: '' } };
  },
  /** Those on whose roster they stand are looked for by name. */
  isPersons: () => true,
  entriesOf: (view, owner) => {
    const { decisionId, seq, community, plan, clock, dueAt, createdAt, updatedAt } = view;
    if (clock === null || !stagesOf(owner).includes(clock.stage)) return [];
    return clockEntries(clock, dueAt, {
      ...{ id: decisionId, seq, updatedAt, deed: ZH_DUE[clock.stage] },
      title: zh({ community, works: plan.works }),
      about: [spokenNumberOf(decisionId, createdAt)],
    });
  },
};
