import type { NeedView } from './need-view';

/**
 * How far a reader sees into a need. `public`: what stands on the list. `official`: also what offices wrote of it: reasons, notes.
 * `personal`: also description, photos, evidence and comments. `contact`: also how to reach the person.
 */
export const SIGHTS = ['public', 'official', 'personal', 'contact'] as const;
export type Sight = (typeof SIGHTS)[number];

/** How a reader stands to a need; the first that fits counts. */
export const RELATIONS = ['author', 'follower', 'own', 'called', 'open-list', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

export type ReadingRole =
  'resident' | 'property' | 'grid' | 'community' | 'department' | 'centre' | 'authority' | 'supervisor' | 'operator' | 'service';

type Rules = Readonly<Partial<Record<Relation, Sight>>> & { readonly other: Sight };
const residents: Rules = { author: 'contact', follower: 'personal', other: 'official' };

/** Role × relation. A relation that is not named sees what `other` sees. */
export const READING_RULES: Readonly<Record<ReadingRole, Rules>> = {
  resident: residents,
  property: residents,
  grid: residents,
  community: { author: 'contact', own: 'contact', other: 'official' },
  department: { own: 'contact', called: 'personal', 'open-list': 'personal', other: 'official' },
  centre: { other: 'contact' },
  authority: { other: 'personal' },
  supervisor: { other: 'contact' },
  operator: { other: 'official' },
  service: { other: 'official' },
};

/** The least sight that shows a field; fields that are not named here are public. */
export const FIELD_SIGHT: Readonly<Record<string, Sight>> = {
  reason: 'official',
  note: 'official',
  notes: 'official',
  waitingFor: 'official',
  description: 'personal',
  photos: 'personal',
  url: 'personal',
  text: 'personal',
  comment: 'personal',
  files: 'personal',
  contact: 'contact',
};

/** Who may attach a file to a need: role × relation. Roles that are not named never may. */
export const ATTACH_RULES: Readonly<Partial<Record<ReadingRole, readonly Relation[]>>> = {
  resident: ['author'],
  property: ['author'],
  grid: ['author'],
  community: ['author', 'own'],
  department: ['own'],
  centre: RELATIONS,
};

export interface Reader {
  readonly id: string;
  readonly role: string;
  readonly unit: string | null;
}
type Seen = Pick<NeedView, 'author' | 'followers' | 'community' | 'unit' | 'helpers' | 'whistle' | 'stage'>;

export const relationOf = ({ id, role, unit }: Reader, need: Seen): Relation => {
  if (id === need.author.id) return 'author';
  if (need.followers.includes(id)) return 'follower';
  if (unit !== null && role === 'community' && unit === need.community) return 'own';
  if (unit !== null && role === 'department') {
    if (unit === need.unit || need.helpers.includes(unit)) return 'own';
    if (need.stage === 'submitted' && need.whistle?.units.includes(unit) === true) return 'called';
    if (need.stage === 'submitted') return 'open-list';
  }
  return 'other';
};

/** Roles come from tokens: any text. One that has no row sees what is public. */
export const sightOf = (reader: Reader, need: Seen): Sight => {
  if (!Object.hasOwn(READING_RULES, reader.role)) return 'public';
  const rules = READING_RULES[reader.role as ReadingRole];
  return rules[relationOf(reader, need)] ?? rules.other;
};

export const sees = (sight: Sight, field: string): boolean =>
  SIGHTS.indexOf(sight) >= SIGHTS.indexOf(Object.hasOwn(FIELD_SIGHT, field) ? (FIELD_SIGHT[field] as Sight) : 'public');

export const mayAttach = (reader: Reader, need: Seen): boolean =>
  Object.hasOwn(ATTACH_RULES, reader.role) && ATTACH_RULES[reader.role as ReadingRole]?.includes(relationOf(reader, need)) === true;
