import type { NeedView } from './need-view';

/**
 * What a need gathers over its life, with the bytes that each list may take in its document: the newest entries that fit, in order. The
 * sum is far below the 16 MB at which a document ends, however long a need lives; one report of works fits as a whole.
 */
export const GATHERED_BYTES_MAX = {
  progress: 1_000_000,
  evidence: 1_000_000,
  adopted: 400_000,
  stages: 200_000,
  funding: 100_000,
  volunteers: 100_000,
} as const;

export type Gathered = keyof typeof GATHERED_BYTES_MAX;
const GATHERED = Object.keys(GATHERED_BYTES_MAX) as readonly Gathered[];

/** How many older entries of a list stand in the history only. A list that is whole is not named. */
export type Omitted = Readonly<Partial<Record<Gathered, number>>>;

/** The view with every list that this record changed cut to its newest entries. Whatever fits stays as it is, to the byte. */
export const bounded = (view: NeedView, before: NeedView | null): NeedView =>
  GATHERED.filter((name) => view[name] !== before?.[name]).reduce<NeedView>(cut, view);

const cut = (view: NeedView, name: Gathered): NeedView => {
  const list: readonly object[] = view[name];
  const tooMany = list.length - newestWithin(list, GATHERED_BYTES_MAX[name]);
  if (tooMany === 0) return view;
  return { ...view, [name]: list.slice(tooMany), omitted: { ...view.omitted, [name]: (view.omitted?.[name] ?? 0) + tooMany } };
};

const newestWithin = (list: readonly object[], bytesMax: number): number => {
  let bytes = 0;
  for (let count = 0; count < list.length; count += 1) {
    bytes += entryBytesOf(list[list.length - 1 - count] as object);
    if (bytes > bytesMax) return count;
  }
  return list.length;
};

/** Entries never change and one view shares them with the next, so each is measured once. */
const measured = new WeakMap<object, number>();

const entryBytesOf = (entry: object): number => {
  const known = measured.get(entry);
  if (known !== undefined) return known;
  const bytes = storedBytesOf(entry);
  measured.set(entry, bytes);
  return bytes;
};

/** More than a field's type, its length and an index take. */
const FIELD_BYTES = 16;

/** At most so many bytes a value takes in a document. */
export const storedBytesOf = (value: unknown): number => {
  if (typeof value === 'string') return FIELD_BYTES + utf8BytesOf(value);
  if (typeof value !== 'object' || value === null) return FIELD_BYTES;
  return Object.entries(value).reduce((bytes, [name, field]) => bytes + name.length + storedBytesOf(field), FIELD_BYTES);
};

const utf8BytesOf = (text: string): number => {
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3; // a pair of surrogates counts 6 and takes 4
  }
  return bytes;
};
