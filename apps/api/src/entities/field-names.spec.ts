import { describe, expect, it } from '@jest/globals';
import { needEventSchemas } from '@qiyue/need-contracts';
import { FIELD_SIGHT } from '@qiyue/need-views';
import { z } from 'zod';
import { needShown } from '@qiyue/need';

/** Every name that stands in documents of this form. */
const namesIn = (schema: unknown): readonly string[] => {
  if (Array.isArray(schema)) return schema.flatMap(namesIn);
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, ...rest } = schema as { readonly properties?: Readonly<Record<string, unknown>> };
  return [...Object.keys(properties), ...Object.values(properties).flatMap(namesIn), ...Object.values(rest).flatMap(namesIn)];
};
const unnamed = (schema: z.ZodType): readonly string[] => namesIn(z.toJSONSchema(schema)).filter((name) => !Object.hasOwn(FIELD_SIGHT, name));

describe('the tables of who sees what', () => {
  it.each(Object.entries(needEventSchemas))('name every field of %s', (_, schema) => {
    expect(unnamed(schema)).toEqual([]);
  });

  it('name every field of a need’s document, and see a field that is new', () => {
    expect(unnamed(needShown)).toEqual([]);
    expect(unnamed(z.object({ title: z.string(), surprise: z.string() }))).toEqual(['surprise']);
  });
});
