import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '@qiyue/platform';
import { AGGREGATES } from '@qiyue/aggregates';
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

const document = openApiDocument('1.2.3', AGGREGATES);
const OPERATIONS = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ at: `${method.toUpperCase()} ${path}`, path, method, operation: operation as Operation })),
);
/** After these nothing else is accepted. */
const LAST = ['cancel-works', 'withdraw', 'reject', 'merge', 'return', 'close-ballot', 'declare-emergency', 'cancel', 'terminate'];
const COMMANDS = AGGREGATES.flatMap(({ decider: { aggregate }, path, idName, commands, access }) => {
  const types = Object.keys(commands);
  const inOrder = [...types.filter((type) => !LAST.includes(type)), ...LAST.filter((type) => types.includes(type))];
  return inOrder.map((type) => ({ name: `${aggregate} ${type}`, path, idName, type, roles: Object.keys(access.commands[type] ?? {}) }));
});

const UNITS: Readonly<Record<string, string>> = {
  department: '住建局',
  resident: '幸福社区',
  community: '幸福社区',
  property: '幸福社区',
  grid: '幸福社区',
};
const as = (role: string): Who => ({ actor: `${role}-1`, role, ...(UNITS[role] === undefined ? {} : { unit: UNITS[role] }) });

/** By kind: who starts the one that all its examples are given to, and what it is about in the place of what the example says. */
const FIRSTS: Readonly<Record<string, { readonly role: string; about?(bench: ApiBench): object | Promise<object> }>> = {
  need: { role: 'resident' },
  'unit-year': { role: 'centre' },
  decision: { role: 'community', about: async (bench) => ({ needId: await anotherNeed(bench) }) }, // the works of a need wait for its decision
  contract: { role: 'department', about: () => ({ community: UNITS['community'] }) },
  resource: { role: 'department' },
  project: { role: 'department', about: () => ({ community: UNITS['community'] }) },
};
const anotherNeed = async (bench: ApiBench): Promise<string> =>
  String((await bench.post('/v1/needs', as('resident'), need.commands['submit']?.example)).body['needId']);
/** What of each kind has to be taken as it is documented, one after the other. */
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  need: ['submit', 'amend', 'inspect', 'claim', 'fund', 'start', 'progress', 'complete', 'accept', 'evaluate'],
  'unit-year': ['open', 'set-budget', 'adjust-budget', 'pledge', 'amend-pledge'],
  decision: ['open', 'hold-council', 'visit', 'object', 'mediate', 'revise-plan', 'open-ballot', 'vote', 'sign', 'close-ballot'],
  contract: ['propose', 'sign', 'amend', 'agree-amendment', 'finish-item', 'evaluate', 'terminate'],
  resource: ['offer', 'change', 'reserve', 'withdraw'],
  project: ['plan', 'join', 'start', 'milestone', 'finish'],
};

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
  const ids: Record<string, string> = {};
  const accepted = new Set<string>();

  beforeAll(async () => {
    bench = await ApiBench.rehearse('2026-01-08T09:00:00+08:00', 1, { QIYUE_REQUESTS_PER_SECOND: '0' }); // when the examples have not ended yet
    for (const { path, idName, commands, decider } of AGGREGATES) {
      const { aggregate, startsWith } = decider;
      const first = FIRSTS[aggregate];
      if (first === undefined) throw new Error(`nobody starts a ${aggregate}`);
      const { status, body } = await bench.post(`/v1/${path}`, as(first.role), { ...commands[startsWith]?.example, ...(await first.about?.(bench)) });
      expect([aggregate, status, body['code']]).toEqual([aggregate, 201, undefined]);
      ids[idName] = String(body[idName]);
      accepted.add(`${aggregate} ${startsWith}`);
    }
  }, 60_000);
  afterAll(() => bench.close());

  it.each(COMMANDS.map((one) => [one.name, one] as const))('%s is taken, whoever gives it, and answered as documented', async (name, one) => {
    const { path, idName, type, roles } = one;
    const paths = [`/v1/${path}`, `/v1/${path}/{${idName}}/${type}`];
    const isFirst = AGGREGATES.some(({ decider, path: of }) => of === path && decider.startsWith === type);
    const found = OPERATIONS.find((of) => of.method === 'post' && of.path === paths[isFirst ? 0 : 1]);
    if (found === undefined) throw new Error('it has no route');
    const example = found.operation.requestBody?.content['application/json']?.example;
    for (const role of roles.filter((known) => known !== 'system')) {
      const answer = await bench.post(found.path.replace(`{${idName}}`, ids[idName] ?? ''), as(role), example);
      expect([role, answer.status, oddIn(found.operation, answer), answer.body['code']]).not.toContain('invalid');
      expect([role, oddIn(found.operation, answer)]).toEqual([role, null]);
      if (answer.status < 300) accepted.add(name);
    }
  });

  it.each(Object.entries(ACCEPTED))('are for the greater part accepted by the rules of one %s', (aggregate, types) => {
    expect(types.filter((type) => !accepted.has(`${aggregate} ${type}`))).toEqual([]);
  });

  const QUESTIONS = OPERATIONS.filter(({ path, method }) => method === 'get' && path !== '/v1/events' && !path.startsWith('/login'));
  it.each(QUESTIONS.map((one) => [one.at, one] as const))(
    '%s answers as documented, with each parameter as in its example',
    async (_, { path, operation }) => {
      const { parameters = [] } = operation;
      const optional = parameters.filter((one) => one.in === 'query' && !one.required);
      const asked = [undefined, ...optional].map(async (one) => {
        const query = new URLSearchParams(
          parameters.flatMap(({ name, in: at, required, example }) =>
            at === 'query' && (required || name === one?.name) ? [[name, String(example)] as [string, string]] : [],
          ),
        );
        const url = parameters.reduce(
          (text, { name, in: at, example }) => (at === 'path' ? text.replace(`{${name}}`, encodeURIComponent(ids[name] ?? String(example))) : text),
          path,
        );
        const answer = await bench.get(query.size === 0 ? url : `${url}?${query.toString()}`, as('operator'));
        const isAsked = !path.endsWith('/at') || one !== undefined; // by one of its two parameters
        expect([one?.name, answer.status, oddIn(operation, answer)]).toEqual([one?.name, isAsked ? expect.any(Number) : 422, null]);
        if (isAsked) expect([one?.name, answer.status === 400 || answer.status === 422]).toEqual([one?.name, false]);
      });
      await Promise.all(asked); // some wait for what their example names
    },
  );

  const OTHERS = OPERATIONS.filter(
    ({ at, path }) => path.startsWith('/v1/') && !at.startsWith('GET') && !AGGREGATES.some((kind) => path.startsWith(`/v1/${kind.path}`)),
  );
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
