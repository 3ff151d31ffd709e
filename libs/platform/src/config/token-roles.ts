/** Roles that a token may name. */
export const ROLES = ['resident', 'property', 'grid', 'community', 'department', 'centre', 'authority', 'supervisor', 'operator', 'service'] as const;
export type Role = (typeof ROLES)[number];
