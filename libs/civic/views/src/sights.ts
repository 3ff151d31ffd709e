/**
 * How far a reader sees into an entity. `public`: what stands on the list. `official`: also what offices wrote of it: reasons, notes.
 * `personal`: also description, compound and exact place, photos, evidence and comments. `contact`: also how to reach the person, and by
 * which id they are known.
 */
export const SIGHTS = ['public', 'official', 'personal', 'contact'] as const;
export type Sight = (typeof SIGHTS)[number];

/** The rows of a table of fields: all of these at one sight. */
export const named = (sight: Sight, names: readonly string[]): Readonly<Record<string, Sight>> =>
  Object.fromEntries(names.map((name) => [name, sight]));
