import type { PublicRole } from '@qiyue/civic-domain';
import { named, type Reader, type Sight, type SightRules } from '@qiyue/civic-views';
import { sideOf } from '@qiyue/contract-domain';
import type { ContractView } from './contract-view';

/** How a reader stands to a contract: one of its two sides, or not. */
export const RELATIONS = ['party', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

/** What was agreed on is for everybody; who signed, reasons and comments are for offices. */
export const READING_RULES: Readonly<Record<PublicRole, SightRules<Relation>>> = {
  resident: { other: 'public' },
  property: { other: 'public' },
  grid: { other: 'public' },
  community: { party: 'official', other: 'official' },
  department: { party: 'official', other: 'official' },
  centre: { other: 'official' },
  authority: { other: 'official' },
  supervisor: { other: 'official' },
  operator: { other: 'public' },
  service: { other: 'public' },
};

export const relationOf = (reader: Reader, view: Pick<ContractView, 'unit' | 'community'>): Relation =>
  sideOf(reader, view) === null ? 'other' : 'party';

/** The least sight that shows a field, by its name in documents and events. Named one by one: one that stands in no row is shown to nobody. */
export const FIELD_SIGHT: Readonly<Record<string, Sight>> = {
  ...named('public', ['contractId', 'number', 'seq', 'unit', 'community', 'year', 'stage', 'status', 'side', 'proposedBy', 'outcome']),
  ...named('public', ['items', 'itemId', 'title', 'kind', 'quantity', 'dueOn', 'finishedAt', 'duties', 'startsOn', 'endsOn', 'endsAt']),
  ...named('public', ['signatures', 'amendment', 'termination', 'effectiveAt', 'droppedItems', 'unfinished', 'evaluations', 'score']),
  ...named('public', ['inForceAt', 'cause', 'counts', 'finished']),
  ...named('public', ['clock', 'itemClocks', 'deadline', 'provisional', 'steps', 'level', 'name', 'at', 'firedAt', 'from', 'policy', 'calendar']),
  ...named('public', ['paused', 'since', 'waitingFor', 'extension', 'workingDays', 'state', 'escalatedTo', 'stages', 'round', 'endedAt', 'late']),
  ...named('public', ['light', 'dueAt', 'oldDueAt', 'again', 'createdAt', 'updatedAt', 'hash']),
  ...named('official', ['reason', 'comment', 'by']),
};
