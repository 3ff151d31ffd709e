import { communityPathsOf } from '@qiyue/civic-contracts';
import { nearestNames } from '@qiyue/civic-domain';
import type { z } from 'zod';
import type { DirectoryStore } from './directory-store';
import type { CommunityEntry } from './directory-document';

const FRESH_MS = 1_000;
const READ_WITHIN_MS = 300;

/** A community that the directory does not list: where in the body it stands, and those that may be meant, the nearest first. */
export interface UnknownCommunity {
  readonly field: string;
  readonly suggestions: readonly string[];
}

/**
 * The communities of the directory, about a second old; while MongoDB is away, as they last were. An empty list says nothing of what there is, so then every name
 * is taken.
 */
export class KnownCommunities {
  private known: readonly CommunityEntry[] = [];
  private freshUntilMs = 0;
  private looking: Promise<void> | null = null;

  constructor(private readonly store: Pick<DirectoryStore, 'places'>) {}

  /** The first name of a body that is none of them, letter by letter: rights go by the very name. Null where there is none. */
  async unknownIn(schema: z.core.$ZodType, body: unknown): Promise<UnknownCommunity | null> {
    const paths = communityPathsOf(schema);
    if (paths.length === 0) return null;
    await this.look();
    if (this.known.length === 0) return null;
    for (const field of paths) {
      const written = valueAt(body, field);
      if (typeof written === 'string' && !this.known.some(({ name }) => name === written))
        return { field, suggestions: nearestNames(written, this.known) };
    }
    return null;
  }

  private async look(): Promise<void> {
    if (Date.now() < this.freshUntilMs) return;
    this.looking ??= this.read().finally(() => (this.looking = null));
    await Promise.race([this.looking, soon(READ_WITHIN_MS)]);
  }

  private async read(): Promise<void> {
    try {
      this.known = (await this.store.places()).communities;
    } catch {
      // as they last were
    }
    this.freshUntilMs = Date.now() + FRESH_MS;
  }
}

const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

const valueAt = (body: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined),
      body,
    );
