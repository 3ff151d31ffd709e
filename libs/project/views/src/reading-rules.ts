import { isSameUnit, type PublicRole } from '@qiyue/civic-domain';
import { CLOCK_NAMES, named, type Reader, type Sight, type SightRules } from '@qiyue/civic-views';
import type { ProjectView } from './project-view';

/** How a reader stands to a project: of a unit or the community that has to do with it, or not. */
export type Relation = 'own' | 'other';

const everybody: SightRules<Relation> = { other: 'public' };
const office: SightRules<Relation> = { other: 'official' };

/** What is done, by whom and until when is for everybody; its money and what offices write of it are for offices, of communities for its own. */
export const READING_RULES: Readonly<Record<PublicRole, SightRules<Relation>>> = {
  ...{ resident: everybody, property: everybody, grid: everybody, authority: everybody, operator: everybody, service: everybody },
  community: { own: 'official', other: 'public' },
  ...{ department: office, centre: office, supervisor: office },
};

export const relationOf = ({ role, unit }: Reader, view: Pick<ProjectView, 'unit' | 'helpers' | 'community'>): Relation => {
  const names = role === 'department' ? [view.unit, ...view.helpers] : role === 'community' ? [view.community] : [];
  return names.some((name) => isSameUnit(name, unit)) ? 'own' : 'other';
};

/** The least sight that shows a field, by its name in documents and events. Named one by one: one that stands in no row is shown to nobody. */
export const FIELD_SIGHT: Readonly<Record<string, Sight>> = {
  ...named('public', CLOCK_NAMES),
  ...named('public', ['projectId', 'number', 'seq', 'status', 'title', 'unit', 'helpers', 'community', 'contractId', 'itemId', 'startsOn', 'endsOn']),
  ...named('public', ['needs', 'needId', 'movedAt', 'resources', 'resourceId', 'reservationId', 'reservations', 'quantity', 'to', 'end']),
  ...named('public', ['milestones', 'milestoneId', 'dueOn', 'reachedAt', 'clocks', 'startedAt', 'finishedAt', 'cancelledAt', 'closesAt']),
  ...named('public', ['createdAt', 'updatedAt', 'hash']),
  ...named('official', ['budgetFen', 'note', 'reason', 'waitingFor']),
};

/** When nothing could happen to it any more, ISO 8601 with +08:00; null while something can. */
export const endedAtOf = ({ status, updatedAt }: Pick<ProjectView, 'status' | 'updatedAt'>): string | null => (status === 'ended' ? updatedAt : null);
