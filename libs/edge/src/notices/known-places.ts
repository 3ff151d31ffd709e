import { communityPathsOf, unitPathsOf } from '@qiyue/civic-contracts';
import { nearestNames, type NamedPlace } from '@qiyue/civic-domain';
import type { z } from 'zod';
import type { DirectoryStore } from './directory-store';
import type { Places } from './directory-document';

const FRESH_MS = 1_000;
const READ_WITHIN_MS = 300;
const NOTHING_KNOWN: Places = { communities: [], units: [] };

/** A community that the directory does not list: where in the body it stands, and those that may be meant, the nearest first. */
export interface UnknownCommunity {
  readonly field: string;
  readonly suggestions: readonly string[];
}

/** A unit that the directory does not list, as `UnknownCommunity`; `unit` as it was written. */
export interface UnlistedUnit extends UnknownCommunity {
  readonly unit: string;
}

/**
 * The places of the directory, about a second old; while MongoDB is away, as they last were. An empty list says nothing of what there is, so then every name
 * is as good.
 */
export class KnownPlaces {
  private known = NOTHING_KNOWN;
  private freshUntilMs = 0;
  private looking: Promise<void> | null = null;

  constructor(private readonly store: Pick<DirectoryStore, 'places'>) {}

  /** The first community of a body that is none of them, letter by letter: rights go by the very name. Null where there is none. */
  async unknownIn(schema: z.core.$ZodType, body: unknown): Promise<UnknownCommunity | null> {
    const named = namedAt(body, communityPathsOf(schema));
    if (named.length === 0) return null;
    await this.look();
    const [unknown] = unlisted(named, this.known.communities);
    return unknown === undefined ? null : { field: unknown.field, suggestions: nearestNames(unknown.name, this.known.communities) };
  }

  /** All units of a body that are none of them, letter by letter, as whoever reads for a unit asks by its very name. */
  async unlistedUnitsIn(schema: z.core.$ZodType, body: unknown): Promise<readonly UnlistedUnit[]> {
    const named = namedAt(body, unitPathsOf(schema));
    if (named.length === 0) return [];
    await this.look();
    return unlisted(named, this.known.units).map(({ field, name }) => ({ field, unit: name, suggestions: nearestNames(name, this.known.units) }));
  }

  private async look(): Promise<void> {
    if (Date.now() < this.freshUntilMs) return;
    this.looking ??= this.read().finally(() => (this.looking = null));
    await Promise.race([this.looking, soon(READ_WITHIN_MS)]);
  }

  private async read(): Promise<void> {
    try {
      this.known = await this.store.places();
    } catch {
      // as they last were
    }
    this.freshUntilMs = Date.now() + FRESH_MS;
  }
}

const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

interface Named {
  readonly field: string;
  readonly name: string;
}

const unlisted = (named: readonly Named[], known: readonly NamedPlace[]): readonly Named[] =>
  known.length === 0 ? [] : named.filter(({ name }) => !known.some((place) => place.name === name));

/** The names that stand at paths such as `unit` and `units[]`; of a list each by its place in it: `units.0`. */
const namedAt = (body: unknown, paths: readonly string[]): readonly Named[] =>
  paths.flatMap((path) =>
    path
      .replaceAll('[]', '.[]')
      .split('.')
      .reduce<readonly (readonly [field: string, value: unknown])[]>(
        (found, step) =>
          found.flatMap(([field, value]) =>
            stepsInto(value, step).map(([name, inner]) => [field === '' ? name : `${field}.${name}`, inner] as const),
          ),
        [['', body]],
      )
      .flatMap(([field, name]) => (typeof name === 'string' ? { field, name } : [])),
  );

const stepsInto = (value: unknown, step: string): readonly (readonly [name: string, value: unknown])[] => {
  if (step === '[]') return Array.isArray(value) ? [...value.entries()].map(([i, one]) => [String(i), one as unknown]) : [];
  return typeof value === 'object' && value !== null ? [[step, (value as Readonly<Record<string, unknown>>)[step]]] : [];
};
