import type { PublicRole } from '@qiyue/civic-domain';
import type { Sight } from './sights';

/** Somebody who reads an entity. */
export interface Reader {
  readonly id: string;
  /** The entity's own name for them; left out for those who have none. */
  readonly alias?: string;
  readonly role: string;
  readonly unit: string | null;
}

/** How far a role sees by how its holder stands to the entity. A relation that is not named sees what `other` sees. */
export type SightRules<R extends string> = Readonly<Partial<Record<R, Sight>>> & { readonly other: Sight };

/** Roles come from tokens: any text. One that has no row sees what is public. */
export const sightBy = <R extends string>(rules: Readonly<Record<PublicRole, SightRules<R>>>, role: string, relation: R): Sight => {
  if (!Object.hasOwn(rules, role)) return 'public';
  const row: Readonly<Partial<Record<string, Sight>>> & { readonly other: Sight } = rules[role as PublicRole];
  return row[relation] ?? row.other;
};
