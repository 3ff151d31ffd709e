import { PAGE_MAX } from '@qiyue/civic-contracts';
import type { JsonSchema } from './json-schema';

/** Pieces that descriptions of routes are made of. */
export type Paths = Readonly<Record<string, Readonly<Record<string, object>>>>;

export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
export const answer = (name: string, description: string): object => ({ description, content: { 'application/json': { schema: ref(name) } } });
export const plain = (type: string, description: string): object => ({ description, content: { [type]: { schema: { type: 'string' } } } });
export const problem = (description: string): object => ({ description, content: { 'application/problem+json': { schema: ref('Problem') } } });
export const parameter = (at: 'path' | 'query' | 'header', name: string, schema: object, description?: string): object => ({
  name,
  in: at,
  required: at === 'path',
  schema,
  ...(description === undefined ? {} : { description }),
});

export const idempotencyKey = parameter(
  'header',
  'Idempotency-Key',
  { type: 'string', pattern: '^[!-~]{1,200}$' },
  'The command’s id: the same key gives the same answer for ever. Made by the server when absent.',
);
export const UNREADABLE = {
  400: problem('The body is no JSON'),
  413: problem('`too-large`: the body is larger than 1 MB, or its event, sealed, would be larger than can be published'),
  415: problem('The body is not application/json'),
};
export const TOO_MANY = { 429: problem('`too-many-requests`: see `Retry-After`') };
export const UNAUTHENTICATED = { 401: problem('No token, or a bad one'), ...TOO_MANY };
export const UNAVAILABLE = { 503: problem('`busy`, `quarantined`, `lost`, `unavailable`, `not-yet-visible`: try again later') };

export const read = (summary: string, name: string, parameters: readonly object[] = [], more: object = {}): object => ({
  summary,
  tags: ['queries'],
  parameters,
  responses: { 200: answer(name, summary), ...UNAUTHENTICATED, 422: problem('A parameter does not fit'), ...UNAVAILABLE, ...more },
});

export const query = (name: string, schema: object, description?: string): object => parameter('query', name, schema, description);
export const string = { type: 'string' };
export const count = (minimum: number) => ({ type: 'integer', minimum });

export const pageParameters = [
  query('limit', { type: 'integer', minimum: 1, maximum: PAGE_MAX, default: 20 }),
  query('cursor', string, '`nextCursor` of the page before'),
];
export const NOT_PERMITTED = { 403: problem('`not-permitted`') };

export const write = (summary: string, name: string, body: string | null, parameters: readonly object[], more: object): object => ({
  summary,
  tags: ['notices'],
  parameters,
  ...(body === null ? {} : { requestBody: { required: true, content: { 'application/json': { schema: ref(body) } } } }),
  responses: { 200: answer(name, summary), ...UNREADABLE, ...UNAUTHENTICATED, 422: problem('The body does not fit'), ...UNAVAILABLE, ...more },
});
export const open = (summary: string, content: object): object => ({ summary, tags: ['operations'], security: [], responses: { 200: content } });
