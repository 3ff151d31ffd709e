import { isSameUnit, type PublicRole } from '@qiyue/civic-domain';
import { named, type Reader, type Sight, type SightRules } from '@qiyue/civic-views';
import type { ResourceView } from './resource-view';

/** How a reader stands to a resource. */
export type Relation = 'own' | 'other';

const everybody: SightRules<Relation> = { other: 'public' };
const office: SightRules<Relation> = { other: 'official' };

/** What can be had, and what of it is promised, is for everybody; how the giver is reached, and why, is for those who may ask for it. */
export const READING_RULES: Readonly<Record<PublicRole, SightRules<Relation>>> = {
  ...{ resident: everybody, property: everybody, grid: everybody, authority: everybody, operator: everybody, service: everybody },
  ...{ community: office, department: office, centre: office, supervisor: office },
};

export const relationOf = ({ role, unit }: Reader, view: Pick<ResourceView, 'giver' | 'giverRole'>): Relation =>
  role === view.giverRole && isSameUnit(view.giver, unit) ? 'own' : 'other';

/** The least sight that shows a field, by its name in documents and events. Named one by one: one that stands in no row is shown to nobody. */
export const FIELD_SIGHT: Readonly<Record<string, Sight>> = {
  ...named('public', [
    'resourceId',
    'number',
    'seq',
    'stage',
    'status',
    'kind',
    'name',
    'giver',
    'giverRole',
    'quantity',
    'unit',
    'used',
    'from',
    'to',
  ]),
  ...named('public', ['community', 'compound', 'conditions', 'skills', 'withdrawnAt', 'cause', 'createdAt', 'updatedAt', 'hash']),
  ...named('public', ['reservations', 'reservationId', 'projectId', 'needId', 'reservedAt', 'reservedBy', 'isUsed', 'returned']),
  ...named('official', ['contact', 'reason']),
};

/** When nothing could happen to it any more, ISO 8601 with +08:00; null while something can: what is withdrawn may be promised still. */
export const endedAtOf = ({ status, updatedAt }: Pick<ResourceView, 'status' | 'updatedAt'>): string | null =>
  status === 'ended' ? updatedAt : null;
