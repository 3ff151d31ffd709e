import { GENESIS_HASH, openRecord, sealRecord, type AppendRequest, type AppendResult, type EventRecord, type Outcome } from '@qiyue/engine';
import type { FeedPlace, LedgerUnderTest } from '../conformance/ledger-checks';

/** Ways to break a ledger, each by one step that is left out or done otherwise. */
export type LedgerFault =
  | 'takes what stands behind a gap'
  | 'does not look at the link'
  | 'writes over a taken seq'
  | 'looks at the last record alone'
  | 'appends the same again'
  | 'looks, waits, and then writes'
  | 'stops at what it has'
  | 'throws for a fork'
  | 'believes the hash'
  | 'stores the text anew'
  | 'confirms by the records alone'
  | 'acknowledges what it has not kept yet'
  | 'keeps no outcome of a refusal'
  | 'keeps the last outcome'
  | 'keeps the outcomes of a fork'
  | 'skips places'
  | 'gives places by name'
  | 'gives places by how they came';

interface Kept {
  readonly streams: Map<string, EventRecord[]>;
  readonly outcomes: Map<string, Outcome>;
  readonly order: { readonly entity: string; readonly seq: number }[];
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const isTrue = (record: EventRecord): boolean => {
  const { hash, prevHash, seq } = sealRecord(openRecord(record));
  return hash === record.hash && prevHash === record.prevHash && seq === record.seq;
};

/** A ledger in memory, sound unless it is given a fault. Clients share what is kept. */
export class MemoryLedger implements LedgerUnderTest {
  constructor(
    private readonly fault: LedgerFault | null = null,
    private readonly shared: Kept = { streams: new Map(), outcomes: new Map(), order: [] },
    /** What this client has acknowledged and the others do not see. */
    private readonly own: Kept = shared,
  ) {}

  async append(request: AppendRequest): Promise<AppendResult> {
    await turn();
    const records = request.entries.flatMap((entry) => entry.records);
    if (this.fault !== 'believes the hash' && !records.every(isTrue)) throw new Error('a record contradicts its own bytes');
    const fork = this.forkIn(request.entity, records);
    if (this.fault === 'looks, waits, and then writes') await turn();
    if (fork !== null && this.fault === 'throws for a fork') throw new Error('a fork');
    if (fork === null || this.fault === 'keeps the outcomes of a fork') this.note(request);
    if (fork !== null) return fork;
    this.write(request.entity, records);
    const last = records.at(-1) ?? this.streamOf(request.entity).at(-1);
    const ordinal = this.fault === 'confirms by the records alone' ? records.length : (request.entries.at(-1)?.ordinal ?? 0);
    return { status: 'appended', confirmation: { seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS_HASH, ordinal } };
  }

  async stream(entity: string): Promise<readonly EventRecord[]> {
    await turn();
    return this.streamOf(entity);
  }

  async outcome(commandId: string): Promise<Outcome | null> {
    await turn();
    return this.own.outcomes.get(commandId) ?? null;
  }

  async feed(): Promise<readonly FeedPlace[]> {
    await turn();
    const places = [...this.own.order];
    if (this.fault === 'gives places by name') places.sort((a, b) => (a.entity === b.entity ? a.seq - b.seq : a.entity < b.entity ? -1 : 1));
    if (this.fault === 'gives places by how they came') places.reverse();
    return places.map((place, i) => ({ ...place, position: this.fault === 'skips places' ? 2 * i : i + 1 }));
  }

  async another(): Promise<LedgerUnderTest> {
    await turn();
    const own = this.fault === 'acknowledges what it has not kept yet' ? { streams: new Map(), outcomes: new Map(), order: [] } : this.shared;
    return new MemoryLedger(this.fault, this.shared, own);
  }

  private streamOf(entity: string): readonly EventRecord[] {
    return this.own.streams.get(entity) ?? [];
  }

  /** Null when all of it can go in. */
  private forkIn(entity: string, records: readonly EventRecord[]): AppendResult | null {
    const stream = this.streamOf(entity);
    const first = records[0];
    if (first === undefined) return null;
    if (first.seq > stream.length + 1 && this.fault !== 'takes what stands behind a gap') return { status: 'fork', seq: first.seq, why: 'gap' };
    const met = this.fault === 'looks at the last record alone' ? records.slice(-1) : records;
    const other = met.find(({ seq, hash }) => stream[seq - 1] !== undefined && stream[seq - 1]?.hash !== hash);
    if (other !== undefined && this.fault !== 'writes over a taken seq') return { status: 'fork', seq: other.seq, why: 'other-hash' };
    const before = stream[first.seq - 2]?.hash ?? GENESIS_HASH;
    const isLinked = first.prevHash === before || this.fault === 'does not look at the link' || this.fault === 'takes what stands behind a gap';
    return isLinked || other !== undefined ? null : { status: 'fork', seq: first.seq, why: 'other-hash' };
  }

  private note({ entries }: AppendRequest): void {
    for (const { commandId, outcome } of entries) {
      if (outcome.status === 'refused' && this.fault === 'keeps no outcome of a refusal') continue;
      if (!this.own.outcomes.has(commandId) || this.fault === 'keeps the last outcome') this.own.outcomes.set(commandId, outcome);
    }
  }

  private write(entity: string, records: readonly EventRecord[]): void {
    const stream = [...this.streamOf(entity)];
    if (this.fault === 'stops at what it has' && stream.length > 0 && records[0]?.seq === 1) return;
    for (const record of records) {
      const isThere = stream.some(({ seq }) => seq === record.seq);
      if (isThere && this.fault === 'writes over a taken seq') stream[record.seq - 1] = record;
      if (isThere && this.fault !== 'appends the same again' && this.fault !== 'looks, waits, and then writes') continue;
      stream.push(this.fault === 'stores the text anew' ? { ...record, canonical: JSON.stringify(openRecord(record), null, 1) } : record);
      this.own.order.push({ entity, seq: record.seq });
    }
    this.own.streams.set(entity, stream);
  }
}
