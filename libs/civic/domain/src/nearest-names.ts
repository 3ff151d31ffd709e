import { nameAsRead } from './units';

/** Something of the directory, with what people call it for short. */
export interface NamedPlace {
  readonly name: string;
  readonly shortNames: readonly string[];
}

const NEAREST_MAX = 3;
/** Less alike than this is not what anybody meant. */
const LEAST_ALIKE = 0.34;

/** Full names of those that may be meant, the nearest first, at most three: by full and short names, whichever is nearer. */
export const nearestNames = (written: string, places: readonly NamedPlace[]): readonly string[] =>
  places
    .map(({ name, shortNames }) => ({ name, alike: Math.max(...[name, ...shortNames].map((known) => alike(written, known))) }))
    .filter((one) => one.alike >= LEAST_ALIKE)
    .sort((a, b) => b.alike - a.alike)
    .slice(0, NEAREST_MAX)
    .map(({ name }) => name);

/** 1 for the same, 0 for nothing in common: the characters that need not be changed, of the longer name; one name inside of the other is nearly the same. */
const alike = (a: string, b: string): number => {
  const [one, other] = [a, b].map((name) => [...nameAsRead(name).toLowerCase()]) as [string[], string[]];
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const changed = 1 - changesBetween(one, other) / Math.max(1, long.length);
  return short.length > 1 && short.length < long.length && long.join('').includes(short.join('')) ? Math.max(changed, NEARLY) : changed;
};
const NEARLY = 0.9;

/** How many characters have to be put in, taken out or replaced (Levenshtein). */
const changesBetween = (a: readonly string[], b: readonly string[]): number =>
  a.reduce<readonly number[]>(
    (row, char, i) =>
      b.reduce<number[]>(
        (next, other, j) => [...next, Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (char === other ? 0 : 1))],
        [i + 1],
      ),
    Array.from({ length: b.length + 1 }, (_, j) => j),
  )[b.length] ?? a.length;
