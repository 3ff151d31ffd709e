import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '@qiyue/platform';
import fc from 'fast-check';
import { AGGREGATES } from '@qiyue/aggregates';
import { openApiDocument } from './docs/openapi';
import { ApiBench } from './testing/api-bench';
import { NEED, RESIDENT } from './testing/people';

const RUNS = 12;
const SEED = 20_261_123;
/** Answers that say "later", which a crowd of requests may meet. */
const LATER = new Set([429, 503]);

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: { readonly enum?: readonly string[]; readonly type?: string };
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json'?: { readonly example?: object } } };
  readonly responses: Readonly<Record<string, object>>;
}

const OPERATIONS = Object.entries(openApiDocument('0', AGGREGATES).paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [method.toUpperCase(), path, operation as Operation] as const),
);

/** Text as nobody would type it, and as somebody would. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e99',
    'null',
    'true',
    '../../etc/passwd',
    '%00',
    "' OR 1=1 --",
    '{"$gt":""}',
    '2024-02-30',
    '9'.repeat(400),
    '💥',
  ),
);
const anyJson = fc.jsonValue({ maxDepth: 3 });
/** A body that is good but for one field, or anything at all. */
const bodyLike = (example: object): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constant(example),
    fc
      .tuple(fc.constantFrom(...Object.keys(example), 'surplus', '__proto__', '$where'), anyJson)
      .map(([name, value]) => ({ ...example, [name]: value })),
    anyJson,
  );
const valueOf = ({ schema, in: at }: Parameter): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    schema.enum === undefined ? fc.constantFrom('1', '20', '2024-07-01T00:00:00Z', '2024-07-01') : fc.constantFrom(...schema.enum),
    anyText,
    ...(at === 'path' ? [] : [fc.constant(undefined)]),
  );

describe('whatever is asked', () => {
  let bench: ApiBench;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create({ QIYUE_REQUESTS_PER_SECOND: '0', QIYUE_COMMAND_WAIT_MS: '5000' });
    needId = String((await bench.post('/v1/needs', RESIDENT, NEED)).body['needId']);
  }, 60_000);
  afterAll(() => bench.close());

  // A stream does not end by itself: its bad parameters are tested where streams are.
  it.each(OPERATIONS.filter(([, path]) => path !== '/v1/events'))(
    '%s %s answers what it says it may, and never fails',
    async (method, path, operation) => {
      const parameters = operation.parameters ?? [];
      const example = operation.requestBody?.content['application/json']?.example ?? {};
      const asked = fc.record({
        values: fc.tuple(...parameters.map(valueOf)),
        isOwn: fc.boolean(),
        body: bodyLike(example),
        role: fc.constantFrom(...ROLES),
        extra: fc.option(fc.tuple(fc.constantFrom('limit', 'cursor', 'x', '$where'), anyText), { nil: undefined }),
      });
      await fc.assert(
        fc.asyncProperty(asked, async ({ values, isOwn, body, role, extra }) => {
          const of = (at: Parameter['in']) =>
            parameters.flatMap((parameter, i) => (parameter.in === at && values[i] !== undefined ? [[parameter.name, values[i]] as const] : []));
          const url = of('path').reduce(
            (text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(isOwn && name === 'needId' ? needId : wellFormed(value))),
            path,
          );
          const query = new URLSearchParams(
            [...of('query'), ...(extra === undefined ? [] : [extra])].map(([name, value]): [string, string] => [name, wellFormed(value)]),
          );
          const headers = Object.fromEntries(of('header').filter(([, value]) => /^[\x21-\x7e]+$/.test(value)));
          const token = await bench.tokens.mint({ actor: 'fuzz', role, unit: NEED.community });
          const answer = await fetch(`${bench.base}${url}${query.size === 0 ? '' : `?${query.toString()}`}`, {
            method,
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
            ...(operation.requestBody === undefined ? {} : { body: JSON.stringify(body) }),
          });
          const text = await answer.text();
          const told = `${method} ${url}?${query.toString()} as ${role} ${JSON.stringify(body)} → ${answer.status} ${text.slice(0, 300)}`;
          if (LATER.has(answer.status)) return;
          expect([answer.status < 500, told]).toEqual([true, told]);
          // A path whose parameter is empty or two steps up is another path.
          if (answer.status !== 404 && answer.status !== 405)
            expect([Object.keys(operation.responses), told]).toEqual([expect.arrayContaining([String(answer.status)]), told]);
          const isPage = JSON.stringify(operation.responses[String(answer.status)] ?? {}).includes('text/html');
          if (answer.status >= 400 && !isPage)
            expect([answer.headers.get('content-type'), told]).toEqual([expect.stringContaining('application/problem+json'), told]);
        }),
        { numRuns: RUNS, seed: SEED },
      );
    },
    60_000,
  );
});

/** A lone surrogate cannot be put into an address. */
const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/g, '�');
