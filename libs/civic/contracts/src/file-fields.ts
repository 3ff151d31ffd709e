import { z } from 'zod';
import { pathsWhere } from './paths-where';

const URN = /^urn:qiyue:file:([0-9a-f]{64})$/;
const NAMES_FILE = z.registry<{ readonly namesFile: true }>();

/** How fields that name files name one that was sent here. */
export const fileUrnOf = (fileId: string): string => `urn:qiyue:file:${fileId}`;
/** Null for an address elsewhere. */
export const fileIdOf = (address: string): string | null => URN.exec(address)?.[1] ?? null;

/** Marks a field of a command that may name a file; what is said of it later stays marked. */
export const namesFile = <S extends z.ZodType>(schema: S): S => {
  NAMES_FILE.add(schema, { namesFile: true });
  return schema;
};

/** Paths of those fields: `photos[]`, `evidence[].url`. */
export const filePathsOf = (schema: z.core.$ZodType): readonly string[] => pathsWhere(schema, (field) => NAMES_FILE.get(field)?.namesFile === true);

/** A file that a body names, and where. */
export interface NamedFile {
  readonly path: readonly (string | number)[];
  readonly fileId: string;
}

/** All that were sent here; `body` fits `schema`. */
export const filesNamedIn = (schema: z.core.$ZodType, body: unknown): readonly NamedFile[] =>
  filePathsOf(schema).flatMap((path) => {
    const steps = path.replaceAll('[]', '.[]').split('.');
    return valuesAt(body, steps).flatMap(({ at, value }) => {
      const fileId = typeof value === 'string' ? fileIdOf(value) : null;
      return fileId === null ? [] : [{ path: at, fileId }];
    });
  });

interface Found {
  readonly at: readonly (string | number)[];
  readonly value: unknown;
}

const valuesAt = (value: unknown, [step, ...rest]: readonly string[], at: Found['at'] = []): readonly Found[] => {
  if (step === undefined) return [{ at, value }];
  if (step === '[]') return Array.isArray(value) ? value.flatMap((one, i) => valuesAt(one, rest, [...at, i])) : [];
  if (typeof value !== 'object' || value === null) return [];
  return valuesAt((value as Readonly<Record<string, unknown>>)[step], rest, [...at, step]);
};
