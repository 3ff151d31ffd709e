import type { FieldTexts } from '@qiyue/civic-contracts';
import type { JsonSchema, SchemaParts } from './json-schema';

/** The text of a field, by the keys that it may have, the most particular one first. */
export type Texts = (keys: readonly string[]) => string | undefined;

/** The first text there is: by the field's place under a schema's name, by the field that it stands in, by its name. */
export const textsOf =
  (...tables: readonly FieldTexts[]): Texts =>
  (keys) =>
    keys.flatMap((key) => tables.flatMap((table) => (Object.hasOwn(table, key) ? [table[key]] : []))).at(0);

const NESTED = ['items', 'additionalProperties'] as const;
const CHOICES = ['anyOf', 'oneOf', 'allOf'] as const;

/** The schema with a description for each of its fields, however deep, that has none of its own. `name`: of the schema, or of the field it is of. */
export const described = (schema: JsonSchema, texts: Texts, name: string, within = name): JsonSchema => {
  const inner = (one: unknown): unknown => (isSchema(one) ? described(one, texts, name, within) : one);
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>> | undefined;
  return {
    ...schema,
    ...Object.fromEntries(NESTED.filter((key) => isSchema(schema[key])).map((key) => [key, inner(schema[key])])),
    ...Object.fromEntries(CHOICES.filter((key) => Array.isArray(schema[key])).map((key) => [key, (schema[key] as readonly unknown[]).map(inner)])),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([field, of]) => [field, describedField(field, of, texts, name, within)])) }),
  };
};

const describedField = (field: string, schema: JsonSchema, texts: Texts, name: string, within: string): JsonSchema => {
  const own = schema['description'] ?? ownTextIn(schema);
  const description = own ?? texts([`${name}.${field}`, `${within}.${field}`, `${name}.${within}.*`, `${within}.*`, field]);
  return { ...(description === undefined ? {} : { description }), ...described(schema, texts, name, field) };
};

/** A field that may be null has its text inside of the choice. */
const ownTextIn = ({ anyOf }: JsonSchema): unknown =>
  Array.isArray(anyOf) ? (anyOf as readonly JsonSchema[]).map(({ description }) => description).find((text) => text !== undefined) : undefined;

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Places of fields that nobody has described: `NeedView.items.name`. */
export const undescribedIn = (schema: JsonSchema, at: string): readonly string[] => {
  const { properties = {}, ...rest } = schema as SchemaParts;
  const inside = [
    ...NESTED.map((key) => rest[key as keyof typeof rest]),
    ...CHOICES.flatMap((key) => (rest[key as keyof typeof rest] as unknown) ?? []),
  ];
  return [
    ...Object.entries(properties).flatMap(([field, of]) => [
      ...(typeof of['description'] === 'string' && of['description'] !== '' ? [] : [`${at}.${field}`]),
      ...undescribedIn(of, `${at}.${field}`),
    ]),
    ...inside.filter(isSchema).flatMap((one) => undescribedIn(one, at)),
  ];
};
