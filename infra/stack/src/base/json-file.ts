import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Replaces a file at once: a reader, also one after a power cut, sees the old text or the new one, never half. */
export const replaceFile = (path: string, text: string, mode = 0o644): void => {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}.new`;
  const file = openSync(fresh, 'w', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
};

export const writeJson = (path: string, value: unknown, mode?: number): void => replaceFile(path, `${JSON.stringify(value, null, 2)}\n`, mode);

/** The file's text, or null when there is none. */
export const readIfThere = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

/** The parsed file, or undefined when there is none. Throws on text that is not JSON. */
export const readJson = (path: string): unknown => {
  const text = readIfThere(path);
  return text === null ? undefined : JSON.parse(text);
};

export const errorCodeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const isMissing = (error: unknown): boolean => errorCodeOf(error) === 'ENOENT';
