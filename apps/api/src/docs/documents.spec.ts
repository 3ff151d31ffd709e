import { describe, expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { asyncApiDocument } from './asyncapi';
import { openApiDocument } from './openapi';

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

describe('the documents of the interfaces', () => {
  const openApi = openApiDocument('1.2.3', AGGREGATES);
  const asyncApi = asyncApiDocument('1.2.3', AGGREGATES) as { readonly channels: object; readonly components: { readonly messages: object } };

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

  it('tells for whatever writes how the edge may answer', () => {
    const answers = Object.entries(openApi.paths).flatMap(([path, operations]) =>
      Object.entries(operations as Record<string, { readonly responses: object }>)
        .filter(([method]) => path.startsWith('/v1/') && method !== 'get')
        .map(([method, { responses }]) => [
          `${method} ${path}`,
          ['400', '401', '413', '415', '429', '503'].filter((status) => !(status in responses)),
        ]),
    );
    expect(answers.length).toBeGreaterThan(30);
    expect(answers.filter(([, missing]) => missing?.length !== 0)).toEqual([]);
  });

  it('lists every topic, every event and every command', () => {
    const names = Object.keys(asyncApi.components.messages);
    const own = AGGREGATES.map(({ events, commands: of }) => Object.keys(events).length + Object.keys(of).length + 3);
    expect(names).toHaveLength(own.reduce((sum, count) => sum + count, 2));
    expect(names).toEqual(expect.arrayContaining(['qiyue_need_NeedSubmitted_v1', 'qiyue_need_refuse_works_v1']));
    expect(Object.keys(asyncApi.channels)).toHaveLength(AGGREGATES.length * 5 + 2);
  });

  it('marks fields that may tell about a person', () => {
    const { schemas } = openApi['components'] as { readonly schemas: Record<string, { properties: Record<string, object> }> };
    expect(schemas['NeedSubmitBody']?.properties['contact']).toHaveProperty('x-personal', true);
    expect(JSON.stringify(openApi)).not.toContain('"personal":');
  });
});
