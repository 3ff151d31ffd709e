import { describe, expect, it } from '@jest/globals';
import type { AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import Ajv from 'ajv/dist/2020';
import { z } from 'zod';
import { schemaNames } from './aggregate-paths';
import { asyncApiDocument } from './asyncapi';
import { undescribedIn } from './described';
import { openApiDocument } from './openapi';

interface Parameter {
  readonly name: string;
  readonly description?: string;
  readonly schema: object;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object; readonly example?: object }>> };
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly $ref?: string }>>;
}
interface Message {
  readonly name: string;
  readonly summary?: string;
  readonly payload: object;
  readonly examples?: readonly { readonly payload: object }[];
}

/** Every `$ref` in a document, however deep. */
const refsIn = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' && typeof value === 'string' ? [value] : refsIn(value)));
};

const resolves = (document: object, ref: string): boolean => {
  const steps = ref.replace(/^#\//, '').split('/');
  const end = steps.reduce<unknown>(
    (node, step) => (node as Record<string, unknown> | undefined)?.[step.replace(/~1/g, '/').replace(/~0/g, '~')],
    document,
  );
  return ref.startsWith('#/') && end !== undefined;
};

const openApi = openApiDocument('1.2.3', AGGREGATES);
const asyncApi = asyncApiDocument('1.2.3', AGGREGATES) as {
  readonly channels: object;
  readonly components: { readonly messages: Record<string, Message> };
};
const { schemas } = openApi['components'] as { readonly schemas: Record<string, Record<string, unknown>> };
const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ at: `${method} ${path}`, path, method, operation: operation as Operation })),
);
const messages = Object.values(asyncApi.components.messages);

const ajv = new Ajv({ strict: false, allErrors: true, formats: { int64: true, 'date-time': true, binary: true, email: true, date: true } });
ajv.addSchema({ $id: 'openapi', components: openApi['components'] });
const mistakesIn = (schema: object, value: unknown): readonly unknown[] => {
  const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')) as object;
  return ajv.validate(local, value) ? [] : (ajv.errors ?? []);
};

describe('the documents of the interfaces', () => {
  it.each([
    ['OpenAPI', openApi],
    ['AsyncAPI', asyncApi],
  ])('has no reference in %s that leads nowhere', (_name, document) => {
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(10);
    expect(refs.filter((ref) => !resolves(document, ref))).toEqual([]);
  });

  it('survives the way through JSON unchanged', () => {
    expect(JSON.parse(JSON.stringify(openApi))).toEqual(openApi);
    expect(JSON.parse(JSON.stringify(asyncApi))).toEqual(asyncApi);
  });

  const commands = AGGREGATES.flatMap((aggregate) =>
    Object.entries(aggregate.commands).map(([type, definition]) => ({ aggregate, type, definition })),
  );

  it.each(commands.map((one) => [`${one.aggregate.decider.aggregate} ${one.type}`, one] as const))(
    'shows for %s a route and a body that would be taken',
    (_, one) => {
      const { path, idName, decider } = one.aggregate;
      expect(openApi.paths[one.type === decider.startsWith ? `/v1/${path}` : `/v1/${path}/{${idName}}/${one.type}`]).toHaveProperty('post');
      expect(one.definition.schema.safeParse(one.definition.example).error).toBeUndefined();
    },
  );

  it('lists every topic, every event and every command', () => {
    const names = Object.keys(asyncApi.components.messages);
    const own = AGGREGATES.map(({ events, commands: of }) => Object.keys(events).length + Object.keys(of).length + 3);
    expect(names).toHaveLength(own.reduce((sum, count) => sum + count, 2));
    expect(names).toEqual(expect.arrayContaining(['qiyue_need_NeedSubmitted_v1', 'qiyue_need_refuse_works_v1']));
    expect(Object.keys(asyncApi.channels)).toHaveLength(AGGREGATES.length * 5 + 2);
  });

  it('marks fields that may tell about a person', () => {
    expect(schemas['NeedSubmitBody']).toHaveProperty('properties.contact.x-personal', true);
    expect(JSON.stringify(openApi)).not.toContain('"personal":');
  });
});

describe('every operation', () => {
  it('has a name of its own, a tag, a summary and a description', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, i) => id === undefined || ids.indexOf(id) !== i)).toEqual([]);
    const bare = operations.filter(
      ({ operation: { tags = [], summary = '', description = '' } }) => tags.length !== 1 || summary === '' || description === '',
    );
    expect(bare.map(({ at }) => at)).toEqual([]);
  });

  it('describes each parameter, with an example that fits', () => {
    const parameters = operations.flatMap(({ at, operation }) => (operation.parameters ?? []).map((one) => [`${at} ${one.name}`, one] as const));
    expect(parameters.length).toBeGreaterThan(100);
    expect(parameters.filter(([, { description = '' }]) => description === '').map(([at]) => at)).toEqual([]);
    expect(
      parameters.map(([at, { schema, example }]) => [at, mistakesIn(schema, example)] as const).filter(([, mistakes]) => mistakes.length !== 0),
    ).toEqual([]);
  });

  it('shows for each body but a file’s an example that fits', () => {
    const bodies = operations.flatMap(({ at, operation }) =>
      Object.entries(operation.requestBody?.content ?? {}).flatMap(([type, body]) =>
        /^(image|application\/pdf)/.test(type) ? [] : [[at, body] as const],
      ),
    );
    expect(bodies.length).toBeGreaterThan(20);
    expect(bodies.filter(([, { example }]) => example === undefined).map(([at]) => at)).toEqual([]);
    expect(
      bodies.map(([at, { schema, example }]) => [at, mistakesIn(schema, example)] as const).filter(([, mistakes]) => mistakes.length !== 0),
    ).toEqual([]);
  });

  it('tells how the edge may answer', () => {
    const missing = operations.flatMap(({ at, path, method, operation: { responses } }) => {
      if (!path.startsWith('/v1/')) return [];
      const expected = ['400', '401', '403', '422', '429', '500', '503', ...(method === 'get' ? [] : ['413', '415'])];
      const inPath = /\{(?!subject|actorId)\w+\}/.test(path) ? ['404'] : [];
      return [...expected, ...inPath].filter((status) => !(status in responses)).map((status) => `${at} ${status}`);
    });
    expect(missing).toEqual([]);
    const silent = operations.flatMap(({ at, operation: { responses } }) =>
      Object.entries(responses).flatMap(([status, { description = '', $ref }]) =>
        $ref === undefined && description === '' ? [`${at} ${status}`] : [],
      ),
    );
    expect(silent).toEqual([]);
  });
});

describe('every field', () => {
  it.each(Object.keys(schemas))('of %s has a description', (name) => {
    expect(undescribedIn(schemas[name] ?? {}, name)).toEqual([]);
  });

  it.each(messages.map((one) => [one.name, one] as const))('of the message %s has a description', (name, { payload, summary = payload }) => {
    expect(undescribedIn(payload as Record<string, unknown>, name)).toEqual([]);
    expect(summary).not.toBe('');
  });

  it('that an aggregate forgets to describe is found, in a body, an event and a document, however deep', () => {
    const [first] = AGGREGATES as readonly [AnyAggregate];
    const surprise = z.strictObject({ surprise: z.array(z.object({ inside: z.string() })).nullable() });
    const { startsWith } = first.decider;
    const forgetful: AnyAggregate = {
      ...first,
      commands: { ...first.commands, [startsWith]: { schema: surprise, summary: { 'zh-CN': '一', en: 's' }, example: {} } },
      events: { Surprised: { schema: surprise } },
      shown: surprise,
    };
    const { schemas: made } = openApiDocument('0', [forgetful])['components'] as { readonly schemas: Record<string, Record<string, unknown>> };
    const names = schemaNames(first);
    for (const name of [names.view, names.body(startsWith)])
      expect(undescribedIn(made[name] ?? {}, name)).toEqual([`${name}.surprise`, `${name}.surprise.inside`]);
    const { components } = asyncApiDocument('0', [forgetful]) as typeof asyncApi;
    const found = Object.values(components.messages).flatMap(({ payload }) => undescribedIn(payload as Record<string, unknown>, ''));
    expect(found).toEqual(expect.arrayContaining(['.data', '.data.surprise', '.data.surprise.inside']));
  });
});

describe('every event', () => {
  const events = messages.filter(({ name }) => /\.[A-Z]\w*\.v1$/.test(name));

  it.each(events.map((one) => [one.name, one] as const))(
    '%s has an example that was recorded once and is read by its schema',
    (_, { payload, examples = [] }) => {
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(mistakesIn(payload, example.payload)).toEqual([]);
    },
  );

  it('says which commands it comes of, those that there are', () => {
    for (const { decider, events: of, access } of AGGREGATES)
      for (const [type, { by = [] }] of Object.entries(of)) {
        expect([decider.aggregate, type, by.length > 0]).toEqual([decider.aggregate, type, true]);
        expect([type, by.filter((command) => !Object.hasOwn(access.commands, command))]).toEqual([type, []]);
      }
  });
});
