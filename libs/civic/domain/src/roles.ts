/** Who can act, as a token's `role` says. */
export type PublicRole =
  'resident' | 'property' | 'grid' | 'community' | 'department' | 'centre' | 'authority' | 'supervisor' | 'operator' | 'service';

/** `system`: our own processes and clocks; no token can name it. */
export type Role = PublicRole | 'system';
