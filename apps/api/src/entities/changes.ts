import type { Json } from '@qiyue/engine';

/** One value that differs. `path`: names and, in lists, places, with dots. Null stands for what was not there, too. */
export interface Change {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

/** What differs between two documents of JSON, value by value, in the order of their names. Lists are compared place by place. */
export const changesBetween = (before: unknown, after: unknown, path = ''): readonly Change[] => {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(byPlaceOrName);
    return names.flatMap((name) => changesBetween(at(before, name), at(after, name), path === '' ? name : `${path}.${name}`));
  }
  const same = JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
  return same ? [] : [{ path, before: (before ?? null) as Json, after: (after ?? null) as Json }];
};

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;
const at = (value: object, name: string): unknown => (Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined);
const byPlaceOrName = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0);
