import type { Finding } from '../audit/verify-record';
import type { LedgerStore } from '../ledger/ledger-store';

/** What somebody else holds of a record. */
export interface RecordCopy {
  readonly entity: string;
  readonly seq: number;
  readonly hash: string;
}

/**
 * Compares the ledger with copies of its records, the events topic's for one: the only witness of what is newer than the last
 * checkpoint. Keeps the first place of each stream that differs.
 */
export class CopyComparison {
  private readonly first = new Map<string, Finding>();
  compared = 0;

  constructor(private readonly store: Pick<LedgerStore, 'ledger'>) {}

  async take(copies: readonly RecordCopy[]): Promise<void> {
    const ids = copies.map(({ entity, seq }) => `${entity}:${seq}`);
    const found = await this.store.ledger.find({ _id: { $in: ids } }, { projection: { hash: 1 } }).toArray();
    const hashes = new Map(found.map(({ _id, hash }) => [_id, hash]));
    for (const copy of copies) this.compare(copy, hashes.get(`${copy.entity}:${copy.seq}`));
    this.compared += copies.length;
  }

  get findings(): readonly Finding[] {
    return [...this.first.values()];
  }

  private compare({ entity, seq, hash }: RecordCopy, held: string | undefined): void {
    if (held === hash || (this.first.get(entity)?.seq ?? Infinity) <= seq) return;
    const finding =
      held === undefined
        ? ({ kind: 'missing', detail: 'the events topic has this record' } as const)
        : ({ kind: 'rewritten', detail: 'the events topic has another record' } as const);
    this.first.set(entity, { stream: entity, seq, ...finding });
  }
}
