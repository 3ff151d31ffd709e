import type { Finding } from '../audit/verify-record';
import { relayStateOf } from '../feed/feed-publisher';
import { RelayAside } from '../feed/relay-aside';
import { streamHeads } from '../feed/stream-heads';
import { hashesOf } from '../ledger/hashes-of';
import type { LedgerStore } from '../ledger/ledger-store';

/** What somebody else holds of a record. */
export interface RecordCopy {
  readonly entity: string;
  readonly seq: number;
  readonly hash: string;
}

/** What the copies are. */
export interface ComparisonOptions {
  /** What somebody gave up: the ledger rightly lacks it. */
  readonly isSettled?: (copy: RecordCopy) => boolean;
  /** Every copy that there is comes by, so that what never came is missing there. */
  readonly isWhole?: boolean;
  /** Of one entity only. */
  readonly entity?: string;
}

const DIFFERING_MAX = 20_000;

/** How far one stream was met without a gap, and what was met beyond. */
interface Met {
  seq: number;
  readonly beyond: Set<number>;
}

/**
 * Compares the ledger with copies of its records, the events topic's for one: the only witness of what is newer than the last
 * checkpoint. Keeps the first place of each stream that differs, either way.
 */
export class CopyComparison {
  private readonly first = new Map<string, Finding>();
  private readonly met = new Map<string, Met>();
  private readonly differ: RecordCopy[] = [];
  /** Everything up to here was published before the comparison began. */
  private publishedN: number | null = null;
  compared = 0;

  constructor(
    private readonly store: LedgerStore,
    private readonly options: ComparisonOptions = {},
  ) {}

  /** Before the first copy is read, so that what is still on its way is not taken for missing. */
  async begin(): Promise<void> {
    if (this.options.isWhole === true) this.publishedN = (await relayStateOf(this.store).findOne({ _id: 'relay' }))?.publishedN ?? 0;
  }

  /** Compares these copies. */
  async take(all: readonly RecordCopy[]): Promise<void> {
    const { entity: only } = this.options;
    const copies = only === undefined ? all : all.filter(({ entity }) => entity === only);
    const hashes = await hashesOf(this.store, copies);
    for (const copy of copies) this.compare(copy, hashes.get(`${copy.entity}:${copy.seq}`));
    this.compared += copies.length;
  }

  /** What the copies have and the ledger has not, or has otherwise. */
  get findings(): readonly Finding[] {
    return [...this.first.values()];
  }

  /** Each copy that differs, not only the first of its stream; 20,000 at most. */
  get differing(): readonly RecordCopy[] {
    return this.differ;
  }

  /** What was published and never came by. What the relay has set aside is known to be missing, and is no finding. */
  async holes(): Promise<readonly Finding[]> {
    const { publishedN, store } = this;
    if (publishedN === null) return [];
    const { entity: only } = this.options;
    const aside = new Set((await new RelayAside(store).list()).map(({ _id }) => _id));
    const holes: Finding[] = [];
    for await (const { entity, seq } of streamHeads(store.feed, only === undefined ? {} : { entity: only })) {
      const next = (this.met.get(entity)?.seq ?? 0) + 1;
      if (next > seq || aside.has(entity) || this.first.has(entity)) continue;
      const row = await store.feed.findOne({ entity, seq: next });
      if (row !== null && row._id > publishedN) continue;
      holes.push({ stream: entity, seq: next, kind: 'unpublished', detail: 'the events topic does not have this record' });
    }
    return holes;
  }

  private compare(copy: RecordCopy, held: string | undefined): void {
    const { entity, seq, hash } = copy;
    if (held === hash) return this.meet(entity, seq);
    if (this.options.isSettled?.(copy) === true) return;
    if (this.differ.length < DIFFERING_MAX) this.differ.push({ entity, seq, hash });
    if ((this.first.get(entity)?.seq ?? Infinity) <= seq) return;
    const finding =
      held === undefined
        ? ({ kind: 'missing', detail: 'the events topic has this record' } as const)
        : ({ kind: 'rewritten', detail: 'the events topic has another record' } as const);
    this.first.set(entity, { stream: entity, seq, ...finding });
  }

  private meet(entity: string, seq: number): void {
    if (this.options.isWhole !== true) return;
    const met = this.met.get(entity) ?? { seq: 0, beyond: new Set<number>() };
    if (seq > met.seq) met.beyond.add(seq);
    while (met.beyond.delete(met.seq + 1)) met.seq += 1;
    this.met.set(entity, met);
  }
}
