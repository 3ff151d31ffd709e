import type { Role } from '@qiyue/platform';

/** Who may ask for what beside needs and commands, which have rules of their own. A route that is not here is for everybody who has a token. */
export const ROUTE_ROLES = {
  'GET /v1/audit/commands': ['supervisor', 'operator'],
  'GET /v1/audit/facts': ['supervisor', 'operator'],
  'GET /v1/directory': ['operator'],
  'PUT /v1/directory': ['operator'],
  'GET /v1/keys': ['operator', 'supervisor'],
  'POST /v1/keys': ['operator'],
  'POST /v1/keys/{keyId}/approve': ['operator'],
  'DELETE /v1/keys/{keyId}': ['operator'],
  'GET /v1/notices': ['operator', 'supervisor'],
  'POST /v1/notices/{noticeId}/retry': ['operator'],
  'GET /v1/privacy/erasures': ['operator', 'centre', 'supervisor'],
  'POST /v1/privacy/erasures': ['operator', 'centre'],
  'POST /v1/privacy/exports': ['centre'],
  'POST /v1/privacy/retention': ['operator', 'centre'],
  'POST /v1/privacy/erasures/{erasureId}/approve': ['operator', 'centre'],
  'PUT /v1/privacy/holds/{subject}': ['centre', 'supervisor'],
  'DELETE /v1/privacy/holds/{subject}': ['centre', 'supervisor'],
  'DELETE /v1/sessions/of/{actorId}': ['operator'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type GuardedRoute = keyof typeof ROUTE_ROLES;

export const mayUse = (route: GuardedRoute, role: string): boolean => (ROUTE_ROLES[route] as readonly string[]).includes(role);
