import { communitiesNamedIn, unitsNamedIn, type TextAt } from '@qiyue/civic-contracts';
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
    const named = communitiesNamedIn(schema, body);
    if (named.length === 0) return null;
    await this.look();
    const [unknown] = unlisted(named, this.known.communities);
    return unknown === undefined ? null : { field: unknown.at.join('.'), suggestions: nearestNames(unknown.text, this.known.communities) };
  }

  /** All units of a body that are none of them, letter by letter, as whoever reads for a unit asks by its very name. */
  async unlistedUnitsIn(schema: z.core.$ZodType, body: unknown): Promise<readonly UnlistedUnit[]> {
    const named = unitsNamedIn(schema, body);
    if (named.length === 0) return [];
    await this.look();
    const { units } = this.known;
    return unlisted(named, units).map(({ at, text }) => ({ field: at.join('.'), unit: text, suggestions: nearestNames(text, units) }));
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

const unlisted = (named: readonly TextAt[], known: readonly NamedPlace[]): readonly TextAt[] =>
  known.length === 0 ? [] : named.filter(({ text }) => !known.some(({ name }) => name === text));
