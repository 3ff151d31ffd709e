import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema of what is sent (`input`) or answered (`output`). The mark of personal fields becomes an extension. */
export const jsonSchemaOf = (schema: z.ZodType, io: 'input' | 'output', target: 'draft-2020-12' | 'draft-7' = 'draft-2020-12'): JsonSchema => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, target, unrepresentable: 'any', override: ({ jsonSchema }) => markPersonal(jsonSchema) });
  return rest;
};

const markPersonal = (schema: Record<string, unknown>): void => {
  delete schema['own'];
  if (schema['contact'] === true) delete schema['contact'];
  if (schema['personal'] !== true) return;
  delete schema['personal'];
  schema['x-personal'] = true;
};
