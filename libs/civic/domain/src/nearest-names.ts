import { nameAsRead } from './units';

/** Something of the directory, with what people call it for short. */
export interface NamedPlace {
  readonly name: string;
  readonly shortNames: readonly string[];
}

const NEAREST_MAX = 3;
/** Less alike than this is not what anybody meant. */
const LEAST_ALIKE = 0.34;

/** Full names of those that may be meant, the nearest first, at most three: by full and short names, whichever is nearer. What most of them end in tells none apart. */
export const nearestNames = (written: string, places: readonly NamedPlace[]): readonly string[] => {
  const ending = commonEnding(places.map(({ name }) => name));
  const own = (name: string): string => withoutEnding(name, ending);
  return places
    .map(({ name, shortNames }) => ({ name, alike: Math.max(...[name, ...shortNames].map((known) => alike(own(written), own(known)))) }))
    .filter((one) => one.alike >= LEAST_ALIKE)
    .sort((a, b) => b.alike - a.alike)
    .slice(0, NEAREST_MAX)
    .map(({ name }) => name);
};

/** The longest ending, of two letters or more, that more than half of several names have: 社区. */
const commonEnding = (names: readonly string[]): string => {
  const read = names.map(nameAsRead);
  const endings = read.flatMap((name) => Array.from({ length: Math.max(0, name.length - ENDING_LEAST) }, (_, i) => name.slice(i + 1)));
  const counts = new Map<string, number>();
  for (const ending of endings) counts.set(ending, (counts.get(ending) ?? 0) + 1);
  const common = [...counts].flatMap(([ending, count]) => (count > 1 && count * 2 > read.length ? [ending] : []));
  return common.reduce((longest, ending) => (ending.length > longest.length ? ending : longest), '');
};
const ENDING_LEAST = 2;

/** Nothing is left of a name that is the ending alone: it is compared as it is. */
const withoutEnding = (name: string, ending: string): string => {
  const read = nameAsRead(name);
  return ending !== '' && read.length > ending.length && read.endsWith(ending) ? read.slice(0, -ending.length) : read;
};

/** 1 for the same, 0 for nothing in common: the characters that need not be changed, of the longer name; one name inside of the other is nearly the same. */
const alike = (a: string, b: string): number => {
  const [one, other] = [a, b].map((name) => [...nameAsRead(name).toLowerCase()]) as [string[], string[]];
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const changed = Math.max(1 - changesBetween(one, other) / Math.max(1, long.length), SOMEWHERE * shared(short, long));
  return short.length > 1 && short.length < long.length && long.join('').includes(short.join('')) ? Math.max(changed, NEARLY) : changed;
};
const NEARLY = 0.9;

/** The part of the shorter name whose characters the longer one has too, wherever: 平安 and 和平. */
const shared = (short: readonly string[], long: readonly string[]): number =>
  short.filter((char) => long.includes(char)).length / Math.max(1, short.length);
/** A character at another place says less than one at its own. */
const SOMEWHERE = 0.75;

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
