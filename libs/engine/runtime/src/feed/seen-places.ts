import { Int32, type AnyBulkWriteOperation, type Collection } from 'mongodb';
import type { LedgerStore } from '../ledger/ledger-store';

const WORD_BITS = 32;
const WORDS = 32;
const CHUNK = WORDS * WORD_BITS;
/** So many chunks are looked at at once: some 65,000 places. */
const CHUNKS_LOOKED_MAX = 64;
const MISSING_NAMED_MAX = 1_000;
const FULL = 'full';

/** Which of 1,024 places of the feed have been met, a bit each. */
type ChunkDoc = { readonly _id: string; readonly n: number } & Readonly<Record<`w${number}`, number>>;
interface FullDoc {
  readonly _id: typeof FULL;
  /** Every chunk before this one is full. */
  readonly upTo: number;
}

/** What has not been met on the topic. */
export interface UnseenPlaces {
  /** Every place up to here was met. */
  readonly upTo: number;
  /** How many up to the feed's end were not. */
  readonly count: number;
  /** The first thousand of them. */
  readonly first: readonly number[];
}

/**
 * Which places of the feed were met on its topic. Contract: noting is done with `or`, so it may be done twice, in any order and by several processes
 * at once; a few small writes per batch, and what is full takes no room.
 */
export class SeenPlaces {
  private readonly chunks: Collection<ChunkDoc>;
  private readonly full: Collection<FullDoc>;

  constructor(store: LedgerStore) {
    this.chunks = store.db.collection(store.nameOf('topicSeen'));
    this.full = store.db.collection(store.nameOf('topicSeen'));
  }

  /** These places were met. */
  async note(places: readonly number[]): Promise<void> {
    const chunks = new Map<number, Map<number, number>>();
    for (const place of places) {
      const [n, word, bit] = partsOf(place);
      const words = chunks.get(n) ?? new Map<number, number>();
      words.set(word, (words.get(word) ?? 0) | (1 << bit));
      chunks.set(n, words);
    }
    if (chunks.size === 0) return;
    const writes = [...chunks].map(([n, words]) => {
      const bits = Object.fromEntries([...words].map(([word, value]) => [`w${word}`, { or: new Int32(value) }]));
      return { updateOne: { filter: { _id: `chunk:${n}` }, update: { $bit: bits, $setOnInsert: { n } }, upsert: true } };
    });
    await this.chunks.bulkWrite(writes as unknown as AnyBulkWriteOperation<ChunkDoc>[], { ordered: false });
  }

  /** `feedHead`: the last place that there is. */
  async unseen(feedHead: number): Promise<UnseenPlaces> {
    const before = (await this.full.findOne({ _id: FULL }))?.upTo ?? 0;
    const found = await this.chunks
      .find({ n: { $gte: before } })
      .sort({ n: 1 })
      .limit(CHUNKS_LOOKED_MAX)
      .toArray();
    const known = new Map(found.map((chunk) => [chunk.n, chunk]));
    const last = Math.min(chunkOf(feedHead), before + CHUNKS_LOOKED_MAX - 1);
    const first: number[] = [];
    let [upTo, count, fullUpTo] = [before * CHUNK, 0, before];
    for (let n = before; n <= last; n += 1) {
      const missing = missingIn(known.get(n), n);
      if (missing.length === 0 && fullUpTo === n) fullUpTo = n + 1;
      const due = missing.filter((place) => place <= feedHead);
      if (count === 0) upTo = (due[0] ?? Math.min((n + 1) * CHUNK, feedHead) + 1) - 1;
      first.push(...due.slice(0, MISSING_NAMED_MAX - first.length));
      count += due.length;
    }
    if (fullUpTo > before) await this.close(fullUpTo);
    return { upTo: Math.min(Math.max(upTo, 0), feedHead), count: count + Math.max(0, feedHead - (last + 1) * CHUNK), first };
  }

  private async close(upTo: number): Promise<void> {
    await this.full.updateOne({ _id: FULL }, { $max: { upTo } }, { upsert: true });
    await this.chunks.deleteMany({ n: { $lt: upTo } });
  }
}

const chunkOf = (place: number): number => Math.floor((Math.max(place, 1) - 1) / CHUNK);

const partsOf = (place: number): readonly [chunk: number, word: number, bit: number] => {
  const within = (place - 1) % CHUNK;
  return [chunkOf(place), Math.floor(within / WORD_BITS), within % WORD_BITS];
};

const missingIn = (chunk: ChunkDoc | undefined, n: number): readonly number[] => {
  const missing: number[] = [];
  for (let within = 0; within < CHUNK; within += 1) {
    const word = chunk?.[`w${Math.floor(within / WORD_BITS)}`] ?? 0;
    if ((word & (1 << (within % WORD_BITS))) === 0) missing.push(n * CHUNK + within + 1);
  }
  return missing;
};
