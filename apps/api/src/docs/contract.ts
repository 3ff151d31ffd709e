import type { JsonSchema, SchemaParts } from './json-schema';

/** What of the interfaces others build on: each operation, field and event by its place, with its form on one line. */
export type Contract = Readonly<Record<string, string>>;

type Tree = Readonly<Record<string, unknown>>;

/** `in`: sent to us, by whose rules a sender goes; `out`: answered or told by us. An event was recorded once, and is read for ever. */
const PLACES = { in: 'in', out: 'out', event: 'event' } as const;

export const contractOf = (openApi: object, asyncApi: object): Contract => {
  const { paths, components } = openApi as { readonly paths: Readonly<Record<string, Tree>>; readonly components: { readonly schemas: Tree } };
  const { messages } = (asyncApi as { readonly components: { readonly messages: Readonly<Record<string, Tree>> } }).components;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, of]) => operationLines(`${method.toUpperCase()} ${path}`, of as Tree)),
  );
  const bodies = new Set(operations.flatMap(([place, form]) => (place.endsWith(' body') ? [form] : [])));
  const schemas = Object.entries(components.schemas).flatMap(([name, schema]) =>
    fieldLines(`${bodies.has(name) ? PLACES.in : PLACES.out} ${name}`, schema as JsonSchema),
  );
  const told = Object.values(messages).flatMap(({ name, payload }) => {
    const place = `${/\.[A-Z]\w*\.v\d+$/.test(String(name)) ? PLACES.event : PLACES.in} ${String(name)}`;
    return [[place, 'message'] as const, ...fieldLines(place, payload as JsonSchema)];
  });
  return Object.fromEntries([...operations, ...schemas, ...told].sort(([a], [b]) => (a < b ? -1 : 1)));
};

type Line = readonly [place: string, form: string];

const nameOf = (schema: unknown): string => String((schema as Tree | undefined)?.['$ref'] ?? 'inline').replace(/^.*\//, '');

const operationLines = (at: string, { operationId, parameters = [], requestBody, responses = {} }: Tree): readonly Line[] => {
  const content = (of: unknown): readonly [string, Tree][] =>
    Object.entries(((of as Tree | undefined)?.['content'] ?? {}) as Readonly<Record<string, Tree>>);
  return [
    [`operation ${at}`, String(operationId)],
    ...(parameters as readonly Tree[]).map(({ name, schema, required }): Line => [
      `in ${at} ?${String(name)}`,
      formOf(schema as JsonSchema, required === true),
    ]),
    ...content(requestBody).flatMap(([type, { schema }]): readonly Line[] =>
      type === 'application/json' ? [[`operation ${at} body`, nameOf(schema)]] : [],
    ),
    ...Object.entries(responses as Tree).flatMap(([status, response]): readonly Line[] =>
      Number(status) < 300 ? [[`operation ${at} ${status}`, nameOf(content(response)[0]?.[1]['schema'])]] : [],
    ),
  ];
};

const fieldLines = (place: string, schema: JsonSchema): readonly Line[] => {
  const { properties = {}, required = [], items } = schema as SchemaParts;
  return [
    ...Object.entries(properties).flatMap(([name, of]): readonly Line[] => [
      [`${place}.${name}`, formOf(of, required.includes(name))],
      ...fieldLines(`${place}.${name}`, of),
    ]),
    ...(items === undefined ? [] : fieldLines(`${place}[]`, items)),
  ];
};

const REQUIRED = 'required ';
const ONE_OF = ' of ';

const formOf = (schema: JsonSchema, isRequired: boolean): string => {
  const { type, enum: names, const: only, $ref } = schema;
  const form = $ref === undefined ? [type ?? 'any'].flat().join('|') : nameOf(schema);
  const values = Array.isArray(names) ? names : only === undefined ? [] : [only];
  return `${isRequired ? REQUIRED : ''}${form}${values.length === 0 ? '' : `${ONE_OF}${JSON.stringify(values)}`}`;
};

const parsed = (form: string) => {
  const [head = '', values] = form.replace(REQUIRED, '').split(ONE_OF);
  return { isRequired: form.startsWith(REQUIRED), type: head, values: values === undefined ? null : (JSON.parse(values) as readonly unknown[]) };
};

/** What would break somebody who has built on the contract as it was: a sentence for each. */
export const breaksBetween = (before: Contract, after: Contract): readonly string[] => [
  ...Object.entries(before).flatMap(([place, was]) => {
    const is = after[place];
    return is === undefined ? [`${place} is gone`] : is === was ? [] : changesOf(place, was, is);
  }),
  ...Object.keys(after).flatMap((place) =>
    Object.hasOwn(before, place) || !isDemanded(place, after[place] ?? '', before) ? [] : [`${place} is new and required`],
  ),
];

const changesOf = (place: string, was: string, is: string): readonly string[] => {
  if (place.startsWith('operation ')) return [`${place} is ${is}, not ${was} any more`];
  const [old, now] = [parsed(was), parsed(is)];
  const gone = (old.values ?? []).filter((value) => now.values !== null && !now.values.includes(value));
  const isNarrowed = old.values === null && now.values !== null;
  return [
    ...(old.type === now.type ? [] : [`${place} is ${now.type}, not ${old.type} any more`]),
    ...(gone.length === 0 ? [] : [`${place} takes ${gone.map(String).join(', ')} no more`]),
    ...(isNarrowed ? [`${place} takes ${(now.values ?? []).map(String).join(', ')} alone`] : []),
    ...(!old.isRequired && now.isRequired && !place.startsWith(`${PLACES.out} `) ? [`${place} is required now`] : []),
    ...(old.isRequired && !now.isRequired && !place.startsWith(`${PLACES.in} `) ? [`${place} may be left out now`] : []),
  ];
};

/** A field that senders have to add, or that events of the past lack; none of what is new as a whole. */
const isDemanded = (place: string, form: string, before: Contract): boolean => {
  if (!form.startsWith(REQUIRED) || place.startsWith(`${PLACES.out} `)) return false;
  const [operation = '', parameter] = place.split(' ?');
  if (parameter !== undefined) return Object.hasOwn(before, operation.replace(/^in /, 'operation '));
  const around = place.slice(0, place.lastIndexOf('.') + 1);
  return Object.keys(before).some((known) => known.startsWith(around));
};
