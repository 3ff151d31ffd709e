import type { LedgerDocument } from '../ledger/documents';

const DOCUMENTS_MAX = 5_000;
/** In characters of their canonical form: a few thousand of the largest would not fit into memory. */
const LENGTH_MAX = 50_000_000;

/**
 * What the change stream has said and the relay has not yet taken. Beyond a bound only the names of the entities are
 * kept: a hint needs no more, and memory stays flat while Kafka is away.
 */
export class HintBuffer {
  private documents: LedgerDocument[] = [];
  private length = 0;
  private entities = new Set<string>();
  private failure: Error | null = null;
  private wakeUp: () => void = () => undefined;

  add(document: LedgerDocument): void {
    if (this.documents.length < DOCUMENTS_MAX && this.length < LENGTH_MAX && this.entities.size === 0) {
      this.documents.push(document);
      this.length += document.canonical.length;
    } else this.entities.add(document.entity);
    this.wake();
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  wake(): void {
    this.wakeUp();
  }

  /** Waits for something to do. Documents first, and all of them before any bare name: they are the older hints. */
  async take(max: number): Promise<{ readonly documents: readonly LedgerDocument[]; readonly entities: readonly string[] }> {
    if (this.documents.length === 0 && this.entities.size === 0 && this.failure === null) {
      await new Promise<void>((resolve) => (this.wakeUp = resolve));
    }
    if (this.failure) throw this.failure;
    if (this.documents.length > 0) {
      const documents = this.documents.splice(0, max);
      this.length -= documents.reduce((length, { canonical }) => length + canonical.length, 0);
      return { documents, entities: [] };
    }
    const entities = [...this.entities];
    this.entities = new Set();
    return { documents: [], entities };
  }
}
