import { GENESIS_HASH, openRecord, type EventRecord } from '@qiyue/engine';
import type { ModelEntry, ModelUnderTest, NotesModel } from '../conformance/model-checks';

/** Ways to break a store of read models, each by one step that is left out or done otherwise. */
export type ModelFault =
  | 'folds only the first record of a part'
  | 'folds what it has folded'
  | 'sets aside what comes again'
  | 'leaves gaps'
  | 'waits for what fills a gap'
  | 'fills a gap with nothing'
  | 'drops another record of a seq'
  | 'takes another record of a seq'
  | 'looks for forks at the head alone'
  | 'does not look at the link'
  | 'ends at what cannot be folded'
  | 'drops the document of what is set aside'
  | 'goes on with what was set aside'
  | 'writes whatever it has read'
  | 'notes when a document was made'
  | 'makes anew what it has seen'
  | 'keeps aside for ever'
  | 'clears before it makes anew'
  | 'swaps without a look at what came';

interface Shared {
  readonly ledger: Map<string, EventRecord[]>;
  readonly aside: Set<string>;
  documents: Map<string, ModelEntry>;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class Aside extends Error {}

/** A store of read models in memory, sound unless it is given a fault. Writers share ledger and documents. */
export class MemoryModel implements ModelUnderTest {
  constructor(
    private readonly model: NotesModel,
    private readonly fault: ModelFault | null = null,
    private readonly shared: Shared = { ledger: new Map(), aside: new Set(), documents: new Map() },
  ) {}

  async record(records: readonly EventRecord[]): Promise<void> {
    await turn();
    for (const record of records) {
      const stream = this.shared.ledger.get(record.entity) ?? [];
      stream[record.seq - 1] = record;
      this.shared.ledger.set(record.entity, stream);
    }
  }

  async apply(records: readonly EventRecord[]): Promise<void> {
    for (const entity of new Set(records.map((record) => record.entity))) {
      if (this.shared.aside.has(entity) && this.fault !== 'goes on with what was set aside') continue;
      const own = records.filter((record) => record.entity === entity);
      await this.applyTo(entity, this.fault === 'folds only the first record of a part' ? own.slice(0, 1) : own);
    }
  }

  async document(entity: string): Promise<ModelEntry | null> {
    await turn();
    return this.shared.documents.get(entity) ?? null;
  }

  async isSetAside(entity: string): Promise<boolean> {
    await turn();
    return this.shared.aside.has(entity);
  }

  async rebuild(): Promise<void> {
    const { shared } = this;
    if (this.fault === 'clears before it makes anew') shared.documents.clear();
    const entities = this.fault === 'makes anew what it has seen' ? [...shared.documents.keys()] : [...shared.ledger.keys()];
    const fresh = new Map<string, ModelEntry>();
    const refold = (entity: string): void => {
      if (this.fault !== 'keeps aside for ever') shared.aside.delete(entity);
      const document = this.foldTo(entity, null, shared.ledger.get(entity) ?? []);
      if (document !== null) fresh.set(entity, document);
    };
    for (const entity of entities) {
      await turn();
      refold(entity);
    }
    for (let i = 0; i < 20; i += 1) await turn(); // as a real one takes its time
    if (this.fault !== 'swaps without a look at what came') entities.forEach(refold);
    shared.documents = fresh;
  }

  another(): Promise<ModelUnderTest> {
    return Promise.resolve(new MemoryModel(this.model, this.fault, this.shared));
  }

  /** Written at the seq that it was read at, else folded again. */
  private async applyTo(entity: string, records: readonly EventRecord[]): Promise<void> {
    for (;;) {
      const read = this.shared.documents.get(entity) ?? null;
      await turn();
      const document = this.foldTo(entity, read, records);
      await turn();
      const isAsRead = (this.shared.documents.get(entity)?.seq ?? 0) === (read?.seq ?? 0);
      if (!isAsRead && this.fault !== 'writes whatever it has read') continue;
      if (document !== null && document !== read) this.shared.documents.set(entity, document);
      if (this.fault === 'drops the document of what is set aside' && this.shared.aside.has(entity)) this.shared.documents.delete(entity);
      return;
    }
  }

  private foldTo(entity: string, from: ModelEntry | null, records: readonly EventRecord[]): ModelEntry | null {
    let document = from;
    try {
      for (const record of records) document = this.step(document, record);
    } catch (error) {
      if (!(error instanceof Aside) && this.fault === 'ends at what cannot be folded') throw error;
      this.shared.aside.add(entity);
    }
    return document;
  }

  private step(document: ModelEntry | null, record: EventRecord): ModelEntry | null {
    const expected = (document?.seq ?? 0) + 1;
    if (record.seq < expected) return this.again(document, record);
    if (record.seq === expected || this.fault === 'leaves gaps') return this.next(document, record);
    const missing = (this.shared.ledger.get(record.entity) ?? []).slice(expected - 1, record.seq - 1);
    const isWhole = missing.length === record.seq - expected && !missing.includes(undefined as never);
    if (!isWhole && this.fault === 'waits for what fills a gap') return document;
    if (!isWhole && this.fault !== 'fills a gap with nothing') throw new Aside();
    if (this.fault === 'fills a gap with nothing') return this.next(document, record);
    return this.next(
      missing.reduce<ModelEntry | null>((folded, filler) => this.next(folded, filler), document),
      record,
    );
  }

  private again(document: ModelEntry | null, record: EventRecord): ModelEntry | null {
    if (this.fault === 'folds what it has folded') return this.next(document, record);
    const isHead = record.seq === document?.seq;
    const known = isHead ? document?.hash : this.shared.ledger.get(record.entity)?.[record.seq - 1]?.hash;
    const isOther = known !== record.hash && (isHead || this.fault !== 'looks for forks at the head alone');
    if (isOther && this.fault === 'takes another record of a seq') return this.next(document, record);
    if ((isOther && this.fault !== 'drops another record of a seq') || this.fault === 'sets aside what comes again') throw new Aside();
    return document;
  }

  private next(document: ModelEntry | null, record: EventRecord): ModelEntry {
    const isTrusting = [
      'does not look at the link',
      'leaves gaps',
      'fills a gap with nothing',
      'takes another record of a seq',
      'folds what it has folded',
    ];
    if (record.prevHash !== (document?.hash ?? GENESIS_HASH) && !isTrusting.includes(this.fault ?? '')) throw new Aside();
    const made = this.fault === 'notes when a document was made' ? { madeAt: performance.now() } : {};
    return { seq: record.seq, hash: record.hash, view: this.model.fold(document?.view ?? null, openRecord(record)), ...made };
  }
}
