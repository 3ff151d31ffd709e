import { randomUUID } from 'node:crypto';
import { entityIdOf, GENESIS_HASH, sealRecord, toShanghaiIso, type Actor, type EventRecord } from '@qiyue/engine';
import { toLedgerDocument, type LedgerStore } from '@qiyue/engine-runtime';
import type { Logger } from '@qiyue/platform';
import { AUDIT, PROCESS_ACTOR, type AuditFact } from './facts';
import { currentSource, type Source } from './source';

const WAITING_MAX = 20_000;
const BATCH_MAX = 500;
const RETRY_MS = 500;
/** How long whoever records something waits for it to be kept before going on; it is kept all the same. */
const RECORD_WITHIN_MS = 1_000;
const CLOSE_WITHIN_MS = 5_000;

/**
 * A stream of facts with this process instance as its only writer, so that no two can fork it: records like those of needs, linked and
 * hashed in the same form, in the ledger of the namespace `audit`.
 *
 * Contract:
 * 1. Facts are kept in the order in which they were recorded, without gaps, each once.
 * 2. MongoDB away: they wait here, up to 20,000; what does not fit is counted, and the count is recorded as soon as there is room.
 * 3. Nothing is written until there is something to write. What waits when the process is killed is lost, which is why what must not be
 *    lost is awaited before it is acted upon.
 * 4. Each fact holds in `data.from` how and from where it came, where that is known.
 */
export class Journal {
  private readonly entity: string;
  private readonly waiting: { readonly record: EventRecord; readonly kept: () => void }[] = [];
  private last = { seq: 0, hash: GENESIS_HASH, time: '' };
  private lost = 0;
  private working: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly store: Pick<LedgerStore, 'insertInOrder' | 'hashAt'>,
    private readonly process: string,
    private readonly log: Pick<Logger, 'warn'>,
    private readonly nowMs: () => number = Date.now,
    /** For tests. */
    private readonly waitingMax = WAITING_MAX,
  ) {
    this.entity = entityIdOf(AUDIT, process, randomUUID());
  }

  /** Resolves when the fact is kept, or after a second. Never rejects: the answer that it belongs to does not wait for MongoDB. */
  async record(actor: Actor, fact: AuditFact, from: Source | null = currentSource()): Promise<void> {
    const kept = this.add(actor, fact, from);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, RECORD_WITHIN_MS)));
    await Promise.race([kept, late]);
    clearTimeout(timer);
  }

  /** Resolves when the fact is kept: for what may not happen unrecorded. Rejects when nothing more can be kept. */
  async insist(actor: Actor, fact: AuditFact, from: Source | null = currentSource()): Promise<void> {
    if (this.closed || this.waiting.length >= this.waitingMax) throw new Error('the journal takes nothing');
    await this.add(actor, fact, from);
  }

  async close(): Promise<void> {
    this.closed = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS)));
    await Promise.race([this.working ?? Promise.resolve(), late]);
    clearTimeout(timer);
    if (this.waiting.length > 0) this.log.warn({ facts: this.waiting.length }, 'facts of the journal were not kept');
    this.waiting.length = 0;
  }

  private add(actor: Actor, fact: AuditFact, from: Source | null): Promise<void> {
    if (this.waiting.length >= this.waitingMax) {
      this.lost += 1;
      return Promise.resolve();
    }
    if (this.last.seq === 0) void this.seal(PROCESS_ACTOR, { type: 'JournalOpened', data: { process: this.process } }, null);
    if (this.lost > 0) {
      void this.seal(PROCESS_ACTOR, { type: 'FactsLost', data: { count: this.lost } }, null);
      this.lost = 0;
    }
    const kept = this.seal(actor, fact, from);
    this.working ??= this.work().finally(() => (this.working = null));
    return kept;
  }

  private seal(actor: Actor, { type, data: told }: AuditFact, from: Source | null): Promise<void> {
    const data = from === null ? told : { ...told, from: { way: from.way, address: from.address } };
    const seq = this.last.seq + 1;
    const now = toShanghaiIso(this.nowMs());
    const time = now < this.last.time ? this.last.time : now;
    const record = sealRecord({
      ...{ v: 1, aggregate: AUDIT, entity: this.entity, seq, type, time, actor, data },
      ...{ commandId: `journal:${this.entity}:${seq}`, prevHash: this.last.hash },
    });
    this.last = { seq, hash: record.hash, time };
    return new Promise((resolve) => this.waiting.push({ record, kept: resolve }));
  }

  private async work(): Promise<void> {
    await Promise.resolve(); // what is recorded in one go is written in one go
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH_MAX);
      try {
        await this.write(batch.map(({ record }) => record));
        this.waiting.splice(0, batch.length);
        for (const { kept } of batch) kept();
      } catch (error) {
        this.log.warn(
          { err: error instanceof Error ? error.name : typeof error, waiting: this.waiting.length },
          'the journal waits for its database',
        );
        if (this.closed) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** A write whose answer was lost is met again: the same record counts as written. */
  private async write(records: readonly EventRecord[]): Promise<void> {
    let rest = records.map(toLedgerDocument);
    while (rest.length > 0) {
      const taken = await this.store.insertInOrder(rest);
      if (taken === null) return;
      const met = rest[taken];
      if (met === undefined || (await this.store.hashAt(met.entity, met.seq)) !== met.hash) throw new Error('the journal is not alone on its stream');
      rest = rest.slice(taken + 1);
    }
  }
}
