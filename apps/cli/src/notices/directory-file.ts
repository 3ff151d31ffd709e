import type { ProblemDocument } from '@qiyue/client';
import { CliError, bytesOf, textOf } from '../context';
import { inWords } from '../show/language';
import { mistakeWords } from '../show/problem-line';
import type { DirectoryDocument } from './notices.api';

/**
 * The directory in a file. Only its outline is looked at, so that a wrong file is refused before it travels; the server checks the
 * rest. Throws `CliError` with one sentence.
 */
export const readDirectoryFile = async (path: string): Promise<DirectoryDocument> => {
  const bytes = await bytesOf(path);
  const value = parsed(textOf(bytes, path));
  if (!isOutline(value))
    throw new CliError(
      inWords({
        'zh-CN': `${path}：须为含 "persons" 和 "robots" 两个列表的 JSON 对象`,
        en: `${path}: must be a JSON object with the lists "persons" and "robots"`,
      }),
    );
  return value;
};

/** Each mistake that the server has found, on a line of its own. */
export const mistakesIn = (path: string, { detail, errors = [] }: ProblemDocument): string =>
  [`${path}: ${detail}`, ...errors.map((mistake) => `  ${mistakeWords(mistake)}`)].join('\n');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const isOutline = (value: unknown): value is DirectoryDocument => {
  if (typeof value !== 'object' || value === null) return false;
  const { persons, robots, communities = [], units = [] } = value as Readonly<Record<string, unknown>>;
  return [persons, robots, communities, units].every(
    (list) => Array.isArray(list) && list.every((entry) => typeof entry === 'object' && entry !== null),
  );
};
