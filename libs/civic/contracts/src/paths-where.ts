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

/** A text of a body, and where it stands: `['evidence', 0, 'url']`. */
export interface TextAt {
  readonly at: readonly (string | number)[];
  readonly text: string;
}

/** All texts of a body that stand at such paths. */
export const textsAt = (body: unknown, paths: readonly string[]): readonly TextAt[] =>
  paths.flatMap((path) => textsUnder(body, path.replaceAll('[]', '.[]').split('.')));

const textsUnder = (value: unknown, [step, ...rest]: readonly string[], at: TextAt['at'] = []): readonly TextAt[] => {
  if (step === undefined) return typeof value === 'string' ? [{ at, text: value }] : [];
  if (step === '[]') return Array.isArray(value) ? value.flatMap((one, i) => textsUnder(one, rest, [...at, i])) : [];
  if (typeof value !== 'object' || value === null) return [];
  return textsUnder((value as Readonly<Record<string, unknown>>)[step], rest, [...at, step]);
};
