import { PERSONAL_MARKS } from '@qiyue/civic-contracts';
import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;
/** What stands in a schema, for whoever walks down it. */
export interface SchemaParts {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
}
type Mutable = Record<string, unknown>;

/** JSON Schema of what is sent (`input`) or answered (`output`). The mark of personal fields becomes an extension. */
export const jsonSchemaOf = (schema: z.ZodType, io: 'input' | 'output', target: 'draft-2020-12' | 'draft-7' = 'draft-2020-12'): JsonSchema => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, target, unrepresentable: 'any', override });
  return rest;
};

const override = ({ zodSchema, jsonSchema }: { readonly zodSchema: z.core.$ZodTypes; readonly jsonSchema: Mutable }): void => {
  const { def } = zodSchema._zod;
  if (def.type === 'default') jsonSchema['default'] = def.defaultValue; // which zod leaves out where something is made of what is sent
  tidy(jsonSchema);
};

const tidy = (schema: Mutable): void => {
  if (schema['personal'] === true) schema['x-personal'] = true;
  for (const name of PERSONAL_MARKS) if (schema[name] === true) delete schema[name];
  delete schema['readOnly']; // zod's word for an array that types call so; in OpenAPI it forbids to send one
  if (schema['type'] === 'integer') asLong(schema);
  if (schema['type'] === 'integer' || schema['type'] === 'boolean') for (const name of ['pattern', 'enum']) delete schema[name];
  if (Array.isArray(schema['anyOf'])) asNullable(schema, schema['anyOf'] as readonly Mutable[]);
  if (Array.isArray(schema['required']) && schema['propertyNames'] !== undefined) asProperties(schema, schema['required']);
};

/** Numbers here are safe integers, which other languages have another type for than for short ones. */
const asLong = (schema: Mutable): void => {
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] !== Number.MAX_SAFE_INTEGER && Number(schema['maximum']) < 2 ** 31) return;
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  schema['format'] = 'int64';
};

/** One type or null is two types of one schema, which every generator of clients understands. */
const asNullable = (schema: Mutable, [of, none, ...more]: readonly Mutable[]): void => {
  if (of === undefined || none?.['type'] !== 'null' || more.length > 0 || typeof of['type'] !== 'string') return;
  delete schema['anyOf'];
  Object.assign(schema, of, { type: [of['type'], 'null'] }, Array.isArray(of['enum']) ? { enum: [...(of['enum'] as readonly unknown[]), null] } : {});
};

/** A record that has all of its keys is an object that has these properties. */
const asProperties = (schema: Mutable, names: readonly string[]): void => {
  schema['properties'] = Object.fromEntries(names.map((name) => [name, schema['additionalProperties']]));
  schema['additionalProperties'] = false;
  delete schema['propertyNames'];
};
