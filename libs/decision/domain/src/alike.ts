const HYPHENS = /[\u2010-\u2015\u2043\u2212\u30fc]/gu;
const UNSEEN = /[\s\p{Cf}]/gu;

/** What reads alike is alike: full and half width, upper and lower case, every hyphen, with or without spaces and signs that nobody sees. */
export const readAs = (text: string): string => text.normalize('NFKC').toLowerCase().replace(HYPHENS, '-').replace(UNSEEN, '');

/** The first that reads as one before it, and that one; null where there is none. */
export const firstAlike = (texts: readonly string[]): readonly [first: string, second: string] | null => {
  const seen = new Map<string, string>();
  for (const text of texts) {
    const key = readAs(text);
    const before = seen.get(key);
    if (before !== undefined) return [before, text];
    seen.set(key, text);
  }
  return null;
};
