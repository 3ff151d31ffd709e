import type { PublicRole } from '@qiyue/civic-domain';
import { sightBy, type Reader, type Sight, type SightRules } from '@qiyue/civic-views';
import type { NeedView } from './need-view';

/** How a reader stands to a need; the first that fits counts. */
export const RELATIONS = ['author', 'follower', 'contracted', 'shared', 'own', 'called', 'open-list', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

const residents: SightRules<Relation> = { author: 'contact', follower: 'personal', other: 'official' };

/** Role × relation. A relation that is not named sees what `other` sees. */
export const READING_RULES: Readonly<Record<PublicRole, SightRules<Relation>>> = {
  resident: residents,
  property: residents,
  grid: residents,
  community: { author: 'contact', own: 'contact', other: 'official' },
  department: { contracted: 'contact', shared: 'contact', own: 'personal', called: 'personal', 'open-list': 'personal', other: 'official' },
  centre: { other: 'contact' },
  authority: { other: 'personal' },
  supervisor: { other: 'contact' },
  operator: { other: 'official' },
  service: { other: 'official' },
};

/** Who may attach a file to a need: role × relation. Roles that are not named never may. */
export const ATTACH_RULES: Readonly<Partial<Record<PublicRole, readonly Relation[]>>> = {
  resident: ['author'],
  property: ['author'],
  grid: ['author'],
  community: ['author', 'own'],
  department: ['contracted', 'own'],
  centre: RELATIONS,
};

type Seen = Pick<
  NeedView,
  'author' | 'followers' | 'community' | 'unit' | 'helpers' | 'joined' | 'contactSharedWith' | 'contract' | 'whistle' | 'stage'
>;

export const relationOf = ({ id, alias = id, role, unit }: Reader, need: Seen): Relation => {
  if ([id, alias].includes(need.author.id)) return 'author';
  if ([id, alias].some((name) => need.followers.includes(name))) return 'follower';
  if (unit !== null && role === 'community' && unit === need.community) return 'own';
  return unit !== null && role === 'department' ? relationOfUnit(unit, need) : 'other';
};

/** To claim, or to be named as a helper, opens nothing that is not open to every department while the need is on the list. */
const relationOfUnit = (unit: string, need: Seen): Relation => {
  const works = unit === need.unit || need.joined.includes(unit);
  const isSigned = need.contract.community !== null && need.contract.department !== null;
  const isShared = need.contactSharedWith.includes(unit);
  if (works && (isSigned || isShared)) return 'contracted';
  if (isShared) return 'shared';
  if (works) return 'own';
  if (need.helpers.includes(unit) || (need.stage === 'submitted' && need.whistle?.units.includes(unit) === true)) return 'called';
  return need.stage === 'submitted' ? 'open-list' : 'other';
};

export const sightOf = (reader: Reader, need: Seen): Sight => sightBy(READING_RULES, reader.role, relationOf(reader, need));

export const mayAttach = (reader: Reader, need: Seen): boolean =>
  Object.hasOwn(ATTACH_RULES, reader.role) && ATTACH_RULES[reader.role as PublicRole]?.includes(relationOf(reader, need)) === true;
