/** Who can act, as a token's `role` says. */
export type PublicRole =
  'resident' | 'property' | 'grid' | 'community' | 'department' | 'centre' | 'authority' | 'supervisor' | 'operator' | 'service';

/** `system`: our own processes and clocks; no token can name it. */
export type Role = PublicRole | 'system';

/** The rule for a role, or null when a role that is not named may never. Roles come from tokens: any text. */
export const ruleForRole = <R>(rules: Readonly<Partial<Record<Role, R>>>, role: string): R | null =>
  Object.hasOwn(rules, role) ? (rules[role as Role] ?? null) : null;
