import { z } from 'zod';
import { pathsWhere, textsAt } from './paths-where';

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
  textsAt(body, filePathsOf(schema)).flatMap(({ at, text }) => {
    const fileId = fileIdOf(text);
    return fileId === null ? [] : [{ path: at, fileId }];
  });
