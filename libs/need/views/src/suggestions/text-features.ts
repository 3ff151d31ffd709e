import { EMPTY_WORDS, TOPICS, WORKS } from './topics.data';

/** How much something counts, by what it is. */
export type Weighted = ReadonlyMap<string, number>;

/** A text, and how much it counts. */
export interface Part {
  readonly text: string | null;
  readonly weight: number;
  /** Names are short: one character of them says something already. */
  readonly isName?: true;
}

/** As texts are compared: full-width and half-width the same, letters small. */
export const normalized = (text: string): string => text.normalize('NFKC').toLowerCase();

/** A pattern of which the longest word that fits counts. */
const anyOf = (words: readonly string[]): RegExp => new RegExp([...words].sort((a, b) => b.length - a.length).join('|'), 'gu');

const TOPIC_OF = new Map(Object.entries(TOPICS).flatMap(([code, { words }]) => words.map((word) => [normalized(word), code] as const)));
const TOPIC_WORDS = anyOf([...TOPIC_OF.keys()]);
const EMPTY = anyOf(EMPTY_WORDS);
const GAPS = /[^\p{L}\p{N}]+/u;

/** Runs of letters and digits, without empty words. */
const runsOf = (text: string): readonly string[] =>
  normalized(text)
    .replace(EMPTY, ' ')
    .split(GAPS)
    .filter((run) => run !== '');

/** Chinese has no spaces: every two characters beside each other, of names every single one too. */
export const gramsOf = (text: string, isName = false): readonly string[] =>
  runsOf(text).flatMap((run) => {
    const chars = [...run];
    return [...chars.slice(1).map((char, i) => `${chars[i]}${char}`), ...(isName || chars.length === 1 ? chars : [])];
  });

/** A gram counts as much as where it counts most. */
export const weightedGrams = (parts: readonly Part[]): Weighted =>
  heaviest(parts, ({ text, isName }) => (text === null ? [] : gramsOf(text, isName === true)));

export const topicsIn = (text: string): readonly string[] =>
  [...new Set([...normalized(text).matchAll(TOPIC_WORDS)].flatMap(([word]) => TOPIC_OF.get(word) ?? []))].sort();

export const weightedTopics = (parts: readonly Part[]): Weighted => heaviest(parts, ({ text }) => (text === null ? [] : topicsIn(text)));

const heaviest = (parts: readonly Part[], of: (part: Part) => readonly string[]): Weighted => {
  const weights = new Map<string, number>();
  for (const part of parts) for (const one of of(part)) weights.set(one, Math.max(weights.get(one) ?? 0, part.weight));
  return weights;
};

/** What both have, of what either has: 0 for nothing in common, 1 for the same. */
export const overlap = (a: Weighted, b: Weighted): number => {
  const common = sum([...a].map(([one, weight]) => Math.min(weight, b.get(one) ?? 0)));
  const all = sum(a.values()) + sum(b.values());
  return all === 0 ? 0 : (2 * common) / all;
};

const sum = (weights: Iterable<number>): number => [...weights].reduce((total, weight) => total + weight, 0);

/** A new one or a repair; null where the text does not say, or says both. */
export const worksIn = (text: string): 'new' | 'repair' | null => {
  const said = (['new', 'repair'] as const).filter((works) => WORKS[works].some((word) => normalized(text).includes(word)));
  return said.length === 1 ? (said[0] ?? null) : null;
};

const DIGITS = '零一二三四五六七八九';
const SPOT = /(\d+|[一二三四五六七八九十]+)(?:号?楼(?!上|下|顶|道|梯|栋|房|间)|栋|幢|巷)/gu;

/** Buildings and lanes that a text names by number: `3`, for 3号楼 and 三号楼. */
export const spotsIn = (text: string): readonly string[] =>
  [...new Set([...normalized(text).matchAll(SPOT)].filter(([all]) => !isFloor(all)).map(([, number = '']) => numberOf(number)))].sort();

/** 六楼 is a floor, 6号楼 a building. */
const isFloor = (spot: string): boolean => spot.endsWith('楼') && !spot.endsWith('号楼');

const numberOf = (text: string): string => {
  if (/^\d/.test(text)) return String(Number(text));
  const [tens, ones] = text.includes('十') ? text.split('十') : ['', text];
  const ten = text.includes('十') ? (tens === '' ? 1 : DIGITS.indexOf(tens ?? '')) : 0;
  return String(ten * 10 + (ones === '' ? 0 : DIGITS.indexOf(ones ?? '')));
};

/** The longest texts, of two characters or more, that stand in both: for a person to check. */
export const wordsInBoth = (a: string, b: string, most: number): readonly string[] => {
  const other = runsOf(b).join(' ');
  const words = runsOf(a).flatMap((run) => partsWithin([...run], other));
  return [...new Set(words)].sort((x, y) => y.length - x.length || (x < y ? -1 : 1)).slice(0, most);
};

const partsWithin = (chars: readonly string[], text: string): readonly string[] => {
  const words: string[] = [];
  for (let from = 0; from < chars.length;) {
    let to = from;
    while (to < chars.length && text.includes(chars.slice(from, to + 1).join(''))) to += 1;
    if (to - from >= 2) words.push(chars.slice(from, to).join(''));
    from = Math.max(to, from + 1);
  }
  return words;
};
