import { isSameUnit, type PublicRole } from '@qiyue/civic-domain';
import { named, type Reader, type Sight, type SightRules } from '@qiyue/civic-views';
import type { UnitYearView } from './unit-year-view';

/** How a reader stands to a unit's year. */
export const RELATIONS = ['own', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

/** What was promised is for everybody; money is for departments and for those who grant and supervise it. */
export const READING_RULES: Readonly<Record<PublicRole, SightRules<Relation>>> = {
  resident: { other: 'public' },
  property: { other: 'public' },
  grid: { other: 'public' },
  community: { other: 'public' },
  department: { own: 'official', other: 'official' },
  centre: { other: 'official' },
  authority: { other: 'public' },
  supervisor: { other: 'official' },
  operator: { other: 'public' },
  service: { other: 'public' },
};

export const relationOf = ({ role, unit }: Reader, view: Pick<UnitYearView, 'unit'>): Relation =>
  role === 'department' && isSameUnit(view.unit, unit) ? 'own' : 'other';

/**
 * The least sight that shows a field, by its name in documents and events. Named one by one: one that stands in no row is shown to nobody. Why a
 * pledge was withdrawn, contested, settled or carried over is as public as the pledge: offices write it, and answer for it.
 */
export const FIELD_SIGHT: Readonly<Record<string, Sight>> = {
  ...named('public', ['unitYearId', 'seq', 'unit', 'year', 'stage', 'status', 'publishedAt', 'closedAt', 'closesAt', 'openedAt']),
  ...named('public', ['pledges', 'pledgeId', 'kind', 'title', 'description', 'community', 'targetBy', 'state', 'needId', 'fulfilledAt']),
  ...named('public', ['contest', 'settled', 'upheld', 'reason', 'cause', 'lapsedContests']),
  ...named('public', ['clock', 'deadline', 'provisional', 'steps', 'level', 'name', 'at', 'firedAt', 'from', 'policy', 'calendar']),
  ...named('public', ['paused', 'since', 'waitingFor', 'extension', 'workingDays', 'escalatedTo', 'stages', 'round', 'endedAt', 'late', 'light']),
  ...named('public', ['dueAt', 'oldDueAt', 'again', 'createdAt', 'updatedAt', 'hash']),
  ...named('official', ['budget', 'grantedFen', 'reservedFen', 'committedFen', 'availableFen', 'reference']),
  ...named('official', ['reservations', 'reservationId', 'amountFen', 'beforeFen', 'deltaFen', 'returnedFen', 'revision']),
};

const MONEY: Readonly<Record<string, Sight>> = named('official', ['needId', 'reason', 'since']);
/** What says more of money within one event than elsewhere. */
export const CLOSER_SIGHT: Readonly<Record<string, Readonly<Record<string, Sight>>>> = {
  BudgetAdjusted: MONEY,
  FundsReserved: MONEY,
  ReservationResized: MONEY,
  FundsCommitted: MONEY,
  FundsReleased: MONEY,
};
