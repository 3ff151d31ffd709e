import { canonicalJson } from './record';

/** By top-level field of a state, 8 hex. Two codes are held against each other by the fields that both have, so a state may gain one or lose one. */
export type StateDigest = Readonly<Record<string, string>>;

/** What a state came to where its entity stood at `seq`. */
export interface DigestAt {
  readonly seq: number;
  readonly digest: StateDigest;
}

/** Guards against code that folds otherwise, not against attackers: cheap instead of cryptographic. Never throws; a field without a JSON form is left out. */
export const digestOf = (state: unknown): StateDigest => {
  const isObject = typeof state === 'object' && state !== null;
  const fields = isObject ? Object.entries(state) : [['', state] as const];
  return Object.fromEntries(
    fields.flatMap(([field, value]) => {
      const digest = digestOfField(value);
      return digest === null ? [] : [[field, digest]];
    }),
  );
};

/** By what a field is: states are never changed in place, so what one event leaves alone is not gone through again. A roster of thousands is such a field. */
const known = new WeakMap<object, string | null>();

const digestOfField = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null) return digestOfValue(value);
  const before = known.get(value);
  if (before !== undefined) return before;
  const digest = digestOfValue(value);
  known.set(value, digest);
  return digest;
};

const digestOfValue = (value: unknown): string | null => {
  const text = jsonOf(value);
  return text === null ? null : fnv1aHex(text);
};

/** Fields that both have, each with another value. */
export const fieldsThatDiffer = (one: StateDigest, other: StateDigest): readonly string[] =>
  Object.keys(one).filter((field) => Object.hasOwn(other, field) && one[field] !== other[field]);

const jsonOf = (value: unknown): string | null => {
  try {
    return canonicalJson(value);
  } catch {
    return null;
  }
};

/** FNV-1a of 32 bits over UTF-16 code units. */
const fnv1aHex = (text: string): string => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
};
