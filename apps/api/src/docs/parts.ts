import { ROUTE_ROLES } from '@qiyue/edge';
import type { z } from 'zod';
import type { Texts } from './described';
import { exampleOf } from './examples';
import { jsonSchemaOf, type JsonSchema, type SchemaParts } from './json-schema';

/** Pieces that descriptions of routes are made of. */
export type Paths = Readonly<Record<string, Readonly<Record<string, object>>>>;
/** An answer: the name of its schema, or its content, and what it says. */
export type Answer = readonly [content: string | object | null, description: string];

/** One method of one path, as a row of a table says it. */
export interface Route {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  /** Left out: who may ask for it. */
  readonly description?: string;
  readonly parameters?: readonly object[];
  /** The name of its schema, or its content. */
  readonly body?: { readonly schema: string; readonly example: object } | { readonly content: object };
  readonly answers: Readonly<Record<string, Answer>>;
  /** Beside those that anything behind a token can meet. */
  readonly problems?: Readonly<Record<number, string>>;
  /** Without a token. */
  readonly isOpen?: true;
}

export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
export const plain = (type: string): object => ({ [type]: { schema: { type: 'string' } } });
const json = (schema: object): object => ({ 'application/json': { schema } });
export const PROBLEM = { 'application/problem+json': { schema: ref('Problem') } };
const problem = (description: string): object => ({ description, content: PROBLEM });

/** Problems that one names nowhere else. */
const ALWAYS = {
  400: '`bad-request`, `bad-json`, `not-utf8`: the request cannot be read',
  401: '`unauthenticated`: no token, or a bad one; `second-factor`',
  403: '`not-permitted`, `duties-joined`: not for this role, key or duty; `csrf`',
  413: '`too-large`: the body is larger than 1 MB, or its event, sealed, would be larger than can be published',
  415: '`unsupported-media-type`: the body is not application/json',
  422: '`invalid`: something does not fit, and `errors` says what',
  429: '`too-many-requests`: see `Retry-After`',
  500: '`internal`, `failed`: it was recorded for the operators',
  503: '`busy`, `quarantined`, `diverged`, `lost`, `unavailable`, `not-yet-visible`: try again later',
} as const;
export const STANDARD_PROBLEMS = Object.fromEntries(
  Object.entries(ALWAYS).map(([status, description]) => [`Problem${status}`, problem(description)]),
);
const WITH_BODY = new Set(['413', '415']);
const WITHOUT_TOKEN = new Set(['400', '500', '503']);
const isMet = (status: string, { isOpen }: Route, method: string): boolean =>
  isOpen === true ? WITHOUT_TOKEN.has(status) : method !== 'get' || !WITH_BODY.has(status);

/** What a query's schema takes, as parameters of a route. */
export const parametersOf = (schema: z.ZodType, texts: Texts): readonly object[] => {
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input') as SchemaParts;
  return Object.entries(properties).map(([name, { description = texts([`query.${name}`, name]), ...of }]) =>
    parameter('query', name, of, description as string | undefined, required.includes(name)),
  );
};

export const parameter = (at: 'path' | 'query' | 'header', name: string, schema: JsonSchema, description = '', required = at === 'path'): object => ({
  ...{ name, in: at, required, description, schema },
  example: exampleOf(name, schema),
});

/** The operation with the parameters that its path names and the problems that it can meet. */
export const operation = (path: string, method: string, route: Route, texts: Texts): object => {
  const { operationId, tag, summary, description, parameters = [], body, answers, problems = {}, isOpen } = route;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter('path', name, { type: 'string' }, texts([`path.${name}`, name])));
  const always = Object.keys(ALWAYS).filter((status) => isMet(status, route, method));
  return {
    ...{ operationId, tags: [tag], summary, description: description ?? whoMayAsk(path, method, isOpen === true) },
    ...(isOpen === true ? { security: [] } : {}),
    ...(inPath.length + parameters.length === 0 ? {} : { parameters: [...inPath, ...parameters] }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...Object.fromEntries(always.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }])),
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...Object.fromEntries(Object.entries(problems).map(([status, text]) => [status, problem(withStandard(status, text, always))])),
    },
  };
};

/** What one route says of a status does not replace what it may say anywhere. */
const withStandard = (status: string, text: string, always: readonly string[]): string =>
  always.includes(status) ? `${text}; ${ALWAYS[Number(status) as keyof typeof ALWAYS]}` : text;

const answerOf = ([content, description]: Answer): object => ({
  description,
  ...(content === null ? {} : { content: typeof content === 'string' ? json(ref(content)) : content }),
});

const contentOf = (body: NonNullable<Route['body']>): object =>
  'content' in body ? body.content : { 'application/json': { schema: ref(body.schema), example: body.example } };

const whoMayAsk = (path: string, method: string, isOpen: boolean): string => {
  const roles = (ROUTE_ROLES as Readonly<Record<string, readonly string[]>>)[`${method.toUpperCase()} ${path}`];
  if (isOpen) return 'For everybody, without a token.';
  return roles === undefined ? 'For whoever has a token; a service’s key needs the scope for it.' : `For ${roles.join(' and ')}.`;
};
