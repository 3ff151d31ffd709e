import { searchable } from './plain-text';

/** Letters of an entity's texts in which words are found. What stands behind them is not. */
export const SEARCHED_LETTERS_MAX = 2_000;
/** Grams by which a question looks candidates up; the words themselves are held against the text all the same. */
const ASKED_GRAMS_MAX = 8;
/** Between texts, so that no word is found across two of them. */
const BETWEEN = '\n';

/** What words are found by, as a read model keeps it beside its documents: the texts as one, and every pair of letters in it, once. */
export interface SearchKeys {
  readonly text: string;
  readonly grams: readonly string[];
}

/** In the order in which they are to be found when they are too long together. */
export const searchKeysOf = (texts: readonly (string | null)[]): SearchKeys => {
  const given = texts.filter((text) => text !== null).map((text) => searchable(text).replace(/\s+/g, ' '));
  const text = [...given.join(BETWEEN)].slice(0, SEARCHED_LETTERS_MAX).join('');
  return { text, grams: [...new Set(text.split(BETWEEN).flatMap(gramsOf))] };
};

/** Each letter with the one behind it, or alone where none is. */
const gramsOf = (text: string): readonly string[] => {
  const letters = [...text];
  return letters.flatMap((letter, i) => (letter === ' ' ? [] : [`${letter}${(letters[i + 1] ?? ' ').trim()}`]));
};

/** The words of a question, each of which has to be found; letters large and small and of both widths are the same. */
export const wordsOf = (q: string): readonly string[] =>
  searchable(q)
    .split(/\s+/)
    .filter((word) => word !== '');

/** MongoDB's conditions on `keys` for texts that hold every word: pairs of letters look up, the text decides. */
export const wordConditions = (words: readonly string[]): readonly object[] => [
  ...thinned([...new Set(words.flatMap(pairsOf))]).map((pair) => ({ 'keys.grams': pair })),
  ...words.filter((word) => [...word].length === 1).map((letter) => ({ 'keys.grams': { $gte: letter, $lt: `${letter}${LAST_LETTER}` } })),
  ...words.map((word) => ({ 'keys.text': { $regex: literal(word) } })),
];

const LAST_LETTER = '\u{10FFFF}';
const pairsOf = (word: string): readonly string[] => gramsOf(word).slice(0, -1);
const thinned = (pairs: readonly string[]): readonly string[] => {
  const every = Math.max(1, Math.ceil(pairs.length / ASKED_GRAMS_MAX));
  return pairs.filter((_, i) => i % every === 0);
};

const literal = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The same of texts that no index holds. */
export const holdsWords = (texts: readonly (string | null)[], words: readonly string[]): boolean => {
  const given = texts.flatMap((text) => (text === null ? [] : [searchable(text).replace(/\s+/g, ' ')]));
  return words.every((word) => given.some((text) => text.includes(word)));
};
