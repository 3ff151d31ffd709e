import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '@qiyue/adapters';
import { need } from '@qiyue/need';
import type { Answer } from '@qiyue/testkit';
import Ajv from 'ajv/dist/2020';
import { ApiBench } from '../testing/api-bench';
import type { Who } from '../testing/test-tokens';
import { openApiDocument } from './openapi';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly example: string | number | boolean;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: object }>> };
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Readonly<Record<string, { readonly schema: object }>> }>>;
}

const document = openApiDocument('1.2.3', [need]);
const OPERATIONS = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ at: `${method.toUpperCase()} ${path}`, path, method, operation: operation as Operation })),
);
/** After these nothing else is accepted. */
const LAST = ['withdraw', 'reject', 'merge', 'return'];
const COMMANDS = [...Object.keys(need.commands).filter((type) => !LAST.includes(type)), ...LAST];

const UNITS: Readonly<Record<string, string>> = {
  department: '住建局',
  resident: '幸福社区',
  community: '幸福社区',
  property: '幸福社区',
  grid: '幸福社区',
};
const as = (role: string): Who => ({ actor: `${role}-1`, role, ...(UNITS[role] === undefined ? {} : { unit: UNITS[role] }) });

const ajv = new Ajv({ strict: false, allErrors: true, formats: { int64: true, 'date-time': true, email: true } });
ajv.addSchema({ $id: 'openapi', components: document['components'] });
const inDocument = (schema: object): object => JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')) as object;

/** What of an answer is not as the document has it. */
const oddIn = ({ responses }: Operation, { status, body }: Answer): unknown => {
  const response = responses[status];
  if (response === undefined) return `${status} is not documented`;
  if (response.$ref !== undefined) return ajv.validate('openapi#/components/schemas/Problem', body) ? null : ajv.errors;
  const schema = (response.content?.['application/json'] ?? response.content?.['application/problem+json'])?.schema;
  return schema === undefined || ajv.validate(inDocument(schema), body) ? null : ajv.errors;
};

describe('the examples of the document, sent to a running API', () => {
  let bench: ApiBench;
  let needId: string;
  const accepted = new Set<string>();

  beforeAll(async () => {
    bench = await ApiBench.create({ QIYUE_REQUESTS_PER_SECOND: '0' });
    const { startsWith } = need.decider;
    const first = await bench.post('/v1/needs', as('resident'), need.commands[startsWith]?.example);
    needId = String(first.body['needId']);
    accepted.add(startsWith);
  }, 60_000);
  afterAll(() => bench.close());

  const commandOf = (type: string) =>
    OPERATIONS.find(
      ({ path, method }) => method === 'post' && path === (type === need.decider.startsWith ? '/v1/needs' : `/v1/needs/{needId}/${type}`),
    );

  it.each(COMMANDS)('%s is taken, whoever gives it, and answered as documented', async (type) => {
    const found = commandOf(type);
    const example = found?.operation.requestBody?.content['application/json']?.example;
    for (const role of Object.keys(need.access.commands[type] ?? {})) {
      const answer = await bench.post(found?.path.replace('{needId}', needId) ?? '', as(role), example);
      expect([role, answer.status, found && oddIn(found.operation, answer), answer.body['code']]).not.toContain('invalid');
      expect([role, found && oddIn(found.operation, answer)]).toEqual([role, null]);
      if (answer.status < 300) accepted.add(type);
    }
  });

  it('are for the greater part accepted by the rules of one need', () => {
    expect([...accepted]).toEqual(
      expect.arrayContaining(['submit', 'amend', 'inspect', 'claim', 'fund', 'start', 'progress', 'complete', 'accept', 'evaluate']),
    );
  });

  const QUESTIONS = OPERATIONS.filter(({ path, method }) => method === 'get' && path !== '/v1/events' && !path.startsWith('/login'));
  it.each(QUESTIONS.map((one) => [one.at, one] as const))(
    '%s answers as documented, with each parameter as in its example',
    async (_, { path, operation }) => {
      const { parameters = [] } = operation;
      const optional = parameters.filter((one) => one.in === 'query' && !one.required);
      for (const one of [undefined, ...optional]) {
        const query = new URLSearchParams(
          parameters.flatMap(({ name, in: at, required, example }) =>
            at === 'query' && (required || name === one?.name) ? [[name, String(example)] as [string, string]] : [],
          ),
        );
        const url = parameters.reduce(
          (text, { name, in: at, example }) =>
            at === 'path' ? text.replace(`{${name}}`, encodeURIComponent(name === 'needId' ? needId : String(example))) : text,
          path,
        );
        const answer = await bench.get(query.size === 0 ? url : `${url}?${query.toString()}`, as('operator'));
        const isAsked = !path.endsWith('/at') || one !== undefined; // by one of its two parameters
        expect([one?.name, answer.status, oddIn(operation, answer)]).toEqual([one?.name, isAsked ? expect.any(Number) : 422, null]);
        if (isAsked) expect([one?.name, answer.status === 400 || answer.status === 422]).toEqual([one?.name, false]);
      }
    },
  );

  const OTHERS = OPERATIONS.filter(({ at, path }) => path.startsWith('/v1/') && !at.startsWith('GET') && !path.startsWith('/v1/needs'));
  it.each(OTHERS.map((one) => [one.at, one] as const))(
    '%s takes its example, and answers as documented to every role',
    async (at, { path, method, operation }) => {
      const example = operation.requestBody?.content['application/json']?.example ?? {};
      const url = (operation.parameters ?? []).reduce(
        (text, { name, example: value }) => text.replace(`{${name}}`, encodeURIComponent(String(value))),
        path,
      );
      for (const role of ROLES) {
        const answer = await bench.send(method.toUpperCase(), url, { as: as(role), body: example });
        expect([at, role, oddIn(operation, answer)]).toEqual([at, role, null]);
        expect([at, role, answer.body['code']]).not.toContain('invalid');
      }
    },
  );
});
