const BITS_PER_ID = 16;
const PROBES = 7;

/**
 * A Bloom filter (Bloom 1970): `mayHold` is never false for an id that was added, and true for about one in 1,500 of the
 * others while no more than `capacity` are in it. Two bytes per id.
 */
export class IdFilter {
  private readonly words: Uint32Array;
  private readonly mask: number;
  private added = 0;

  constructor(readonly capacity: number) {
    const bits = 2 ** Math.ceil(Math.log2(Math.max(1_024, capacity * BITS_PER_ID)));
    this.words = new Uint32Array(bits / 32);
    this.mask = bits - 1;
  }

  get isFull(): boolean {
    return this.added > this.capacity;
  }

  add(id: string): void {
    if (this.mayHold(id)) return;
    for (const bit of this.bitsOf(id)) this.words[bit >>> 5] = (this.words[bit >>> 5] ?? 0) | (1 << (bit & 31));
    this.added += 1;
  }

  mayHold(id: string): boolean {
    return this.bitsOf(id).every((bit) => ((this.words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0);
  }

  /** Double hashing (Kirsch and Mitzenmacher 2006): two hashes stand for all probes. */
  private bitsOf(id: string): readonly number[] {
    const first = hash(id, 0x811c9dc5);
    const step = hash(id, 0x9747b28c) | 1;
    return Array.from({ length: PROBES }, (_, i) => (first + Math.imul(i, step)) & this.mask);
  }
}

/** FNV-1a over UTF-16 units with MurmurHash3's finish: spreads well, and nothing secret depends on it. */
const hash = (text: string, seed: number): number => {
  let h = seed;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};
