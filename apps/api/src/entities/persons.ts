import { coarseLocation, isCoarse, isPerson, isPseudonym } from '@qiyue/civic-domain';
import type { Rename } from '@qiyue/privacy';

type Json = Readonly<Record<string, unknown>>;
type Place = Parameters<typeof coarseLocation>[0];

/**
 * How somebody is named to a reader: everybody knows themselves; a pseudonym stays one unless it is `known` whom it stands for; an id out of a
 * record of before there were pseudonyms is replaced, unless the reader `mayKnowIds`.
 */
export const namingFor =
  (
    alias: Rename,
    self: string,
    { known = NOBODY, mayKnowIds = false }: { readonly known?: ReadonlyMap<string, string>; readonly mayKnowIds?: boolean } = {},
  ): Rename =>
  (id) => {
    if (isPseudonym(id)) return id === alias(self) ? self : (known.get(id) ?? id);
    return mayKnowIds || id === self ? id : alias(id);
  };
const NOBODY: ReadonlyMap<string, string> = new Map();

/** Every person who stands sealed beside a pseudonym. */
export const sealedPersonsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(sealedPersonsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    SEALED_PERSONS.has(name) ? [inner].flat().filter((text) => typeof text === 'string') : sealedPersonsIn(inner),
  );
};

/** Without them: whom a reader may know goes into the place of the pseudonym. */
export const withoutPersons = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutPersons(item)) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => (SEALED_PERSONS.has(name) ? [] : [[name, withoutPersons(inner)]]))) as T;
};
const SEALED_PERSONS: ReadonlySet<string> = new Set(['person', 'persons']);

/** A copy of a document or of an event's data in which its author and those who follow it go by other names. */
export const renamed = (value: unknown, rename: Rename): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, renamedAt(name, inner, rename)]));
};

const renamedAt = (name: string, inner: unknown, rename: Rename): unknown => {
  if (name === 'followers' && Array.isArray(inner)) return inner.map((id: unknown) => (typeof id === 'string' ? rename(id) : id));
  if (name === 'author' && isObject(inner) && typeof inner['id'] === 'string' && isPerson(inner['role']))
    return { ...inner, id: rename(inner['id']) };
  return renamed(inner, rename);
};

/** The place to a hundredth of a degree, where records of before say it exactly. */
export const coarsened = <T>(value: T): T => {
  if (!isObject(value) || !isPlace(value['location']) || isCoarse(value['location'])) return value;
  return { ...value, location: coarseLocation(value['location']) };
};

/** `exactLocation`, once it is opened, in the place of the coarse one. */
export const withExactLocation = <T>(value: T): T => {
  if (!isObject(value) || !Object.hasOwn(value, 'exactLocation')) return value;
  const { exactLocation, ...rest } = value as Json;
  const exact = typeof exactLocation === 'string' ? placeIn(exactLocation) : null;
  return (exact === null ? rest : { ...rest, location: exact }) as T;
};

const placeIn = (text: string): Place | null => {
  try {
    const [lat, lng] = JSON.parse(text) as readonly unknown[];
    return typeof lat === 'number' && typeof lng === 'number' ? { lat, lng } : null;
  } catch {
    return null; // sealed, or of a form that nobody knows
  }
};

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPlace = (value: unknown): value is Place => isObject(value) && typeof value['lat'] === 'number' && typeof value['lng'] === 'number';
