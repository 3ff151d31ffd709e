/**
 * What a credential may be limited to. One that names none of them may do whatever its role may. `personal` goes along with `read`: without it
 * what people wrote of themselves is not shown, whatever the role may see.
 */
export const SCOPES = ['read', 'personal', 'commands', 'events', 'audit'] as const;
export type Scope = (typeof SCOPES)[number];

/** The scope that a request takes. */
export const scopeFor = (method: string, path: string): Scope => {
  if (method !== 'GET' && method !== 'HEAD') return 'commands';
  if (/^\/v1\/events(\/|$)/i.test(path)) return 'events';
  return /^\/v1\/audit(\/|$)/i.test(path) ? 'audit' : 'read';
};

/** Of a token's `scope` claim (RFC 8693): null when it names none of ours, and so limits nothing here. */
export const scopesIn = (claim: string | undefined): readonly Scope[] | null => {
  const named = new Set(claim?.split(' ') ?? []);
  const ours = SCOPES.filter((scope) => named.has(scope));
  return ours.length === 0 ? null : ours;
};
