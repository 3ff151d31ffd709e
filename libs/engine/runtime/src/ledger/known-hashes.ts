import { LRUCache } from 'lru-cache';
import { Batcher } from '../batcher';
import { hashesOf } from './hashes-of';
import type { LedgerStore } from './ledger-store';

const REMEMBERED = 50_000;

/** Of a record in the ledger. */
export type Place = Readonly<{ entity: string; seq: number }>;
/** Hashes of the records that the ledger holds at these places, by `<entity>:<seq>`. */
export type HashesOf = (places: readonly Place[]) => Promise<ReadonlyMap<string, string>>;

/** As `hashesOf` for many that ask for the same at about the same time: the ledger is asked once for what it holds, which never changes; what it lacks is asked for again. */
export class KnownHashes {
  private readonly known = new LRUCache<string, string>({ max: REMEMBERED });
  private readonly asking: Batcher<readonly Place[], ReadonlyMap<string, string>>;

  constructor(store: Pick<LedgerStore, 'ledger'>) {
    this.asking = new Batcher(async (asked) => {
      const missing = asked.flat().filter((place) => !this.known.has(keyOf(place)));
      const found = missing.length === 0 ? NONE : await hashesOf(store, missing);
      for (const [key, hash] of found) this.known.set(key, hash);
      return asked.map((places) => this.among(places, found));
    });
  }

  readonly of: HashesOf = (places) => this.asking.add(places);

  private among(places: readonly Place[], found: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    return new Map(
      places.flatMap((place) => {
        const hash = found.get(keyOf(place)) ?? this.known.get(keyOf(place));
        return hash === undefined ? [] : [[keyOf(place), hash] as const];
      }),
    );
  }
}

const NONE: ReadonlyMap<string, string> = new Map();
const keyOf = ({ entity, seq }: Place): string => `${entity}:${seq}`;
