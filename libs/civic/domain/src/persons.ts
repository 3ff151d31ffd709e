/** No token names an actor so, so that a pseudonym is told from an id by its form. */
export const isPseudonym = (id: string): boolean => /^p-[0-9a-f]{20}$/.test(id);

/** Who acts for themselves and not for an office: their ids lead to a person. */
const PERSONS: ReadonlySet<string> = new Set(['resident', 'property', 'grid']);
export const isPerson = (role: unknown): boolean => typeof role === 'string' && PERSONS.has(role);
