import { z } from 'zod';

/** Paths of the fields of which `is` holds, as `evidence[].text`; not those inside of such a field. */
export const pathsWhere = (schema: z.core.$ZodType, is: (field: z.core.$ZodType) => boolean, path = ''): readonly string[] => {
  if (is(schema)) return [path];
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([name, field]) => pathsWhere(field as z.core.$ZodType, is, path === '' ? name : `${path}.${name}`));
  }
  if (schema instanceof z.ZodArray) return pathsWhere(schema.element, is, `${path}[]`);
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly) {
    return pathsWhere(schema.unwrap(), is, path);
  }
  return [];
};
