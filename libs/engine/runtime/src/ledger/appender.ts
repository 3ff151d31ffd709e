import { GENESIS_HASH, type AppendRequest, type AppendResult, type Confirmation, type OutboxEntry } from '@qiyue/engine';
import { LRUCache } from 'lru-cache';
import { commandsIn, toCommandDocument, toLedgerDocument, type CommandDocument, type LedgerDocument } from './documents';
import { NotTaken, type Head, type LedgerStore } from './ledger-store';

const BATCH_REQUESTS_MAX = 500;
const INSERT_RECORDS_MAX = 1_000;
const HEADS_REMEMBERED = 50_000;
const ENTRIES_REMEMBERED = 100_000;
/**
 * While one append follows another, a batch waits this long for more: nobody's answer waits for it, and fewer round trips
 * leave disk and processor to the answers. An append that comes alone goes at once.
 */
const LINGER_MS = 20;
const BUSY_WITHIN_MS = 25;

type Trouble = Extract<AppendResult, { status: 'fork' }>;

interface Waiting {
  readonly request: AppendRequest;
  readonly documents: readonly LedgerDocument[];
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** What an appender does beside appending. */
export interface AppenderOptions {
  /** Looks for outcomes that differ before it inserts, and keeps no digest: the code that replayed may fold otherwise than the code that answered. */
  readonly checksOutcomes?: boolean;
  /** Default true. False for what a replay made: that it differs may lie in the code that replayed. */
  readonly notesForks?: boolean;
}

/** A contiguous piece of one entity's stream that a batch wants in the ledger. */
interface Run {
  readonly entity: string;
  readonly records: readonly LedgerDocument[];
}

/**
 * The only road into the ledger, the same for the edge and for the workflow's own flush.
 *
 * Contract:
 * 1. A record is inserted only behind a predecessor with the hash that it names.
 * 2. In order of seq, with majority and journal; a crash leaves a prefix, never a hole.
 * 3. There already with the same hash: go on behind it. With another: a fork, noted and answered, never overwritten.
 * 4. An outcome that is kept is never overwritten. With `checksOutcomes` one that differs is a contradiction like a record that differs, and is
 *    found before anything is inserted: for entries that come from a replay and not from the answer itself.
 * 5. Batched over entities; one entity's fork, or a record that the database refuses, holds up no other. A server's failure fails the whole batch,
 *    and every part of it may be tried again.
 */
export class Appender {
  private waiting: Waiting[] = [];
  private working = false;
  private lastBatchMs = 0;
  private readonly heads = new LRUCache<string, Head>({ max: HEADS_REMEMBERED });
  /**
   * Entries whose outcome this process has seen kept. An answer hands over all that is unconfirmed, and answers of one entity come in any order: most of
   * what they hold was noted a moment ago.
   */
  private readonly noted = new LRUCache<string, true>({ max: ENTRIES_REMEMBERED });

  constructor(
    readonly store: LedgerStore,
    private readonly options: AppenderOptions = {},
  ) {}

  /** Rejects when the server fails (try again), with `NotTaken` when it refuses this entity's record, and when a record contradicts its own bytes (a bug: it stays out). */
  append(request: AppendRequest): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      const documents = request.entries.flatMap(({ records }) => records.map(toLedgerDocument));
      this.waiting.push({ request, documents, resolve, reject });
      if (!this.working) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.working = true;
    while (this.waiting.length > 0) {
      if (Date.now() - this.lastBatchMs < BUSY_WITHIN_MS) await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
      const batch = this.waiting.splice(0, BATCH_REQUESTS_MAX);
      try {
        await this.appendBatch(batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      this.lastBatchMs = Date.now();
    }
    this.working = false;
  }

  private async appendBatch(batch: readonly Waiting[]): Promise<void> {
    const troubles = new Map<string, Trouble>();
    const others =
      this.options.checksOutcomes === true ? await this.store.otherOutcomes(batch.map(({ request }) => request)) : new Map<string, number>();
    for (const [entity, seq] of others) troubles.set(entity, { status: 'fork', seq, why: 'other-outcome' });
    const sound = batch.filter(({ request }) => !troubles.has(request.entity));
    const [refused, noted] = await Promise.all([this.appendRuns(runsOf(sound), troubles), this.noteCommands(sound)]);
    // Beside the records, because a round trip less is worth it: what was noted of an entity that got no further is taken back.
    for (const { request } of sound) if (troubles.has(request.entity) || refused.has(request.entity)) await this.unnote(request, noted);
    await Promise.all(batch.map((waiting) => this.answer(waiting, troubles, refused)));
  }

  /** Answers the ids of which nothing was known before. */
  private async noteCommands(batch: readonly Waiting[]): Promise<readonly string[]> {
    const rows = new Map<string, CommandDocument>();
    for (const { request, documents } of batch) {
      const { aggregate, entity, entries } = request;
      const last = entries.at(-1);
      for (const entry of commandsIn(entries)) {
        const key = keyOf(entity, entry);
        if (rows.has(key) || this.noted.has(key)) continue;
        const lastSeq = entry.records.at(-1)?.seq;
        const recordedAs = lastSeq === undefined ? undefined : documents.find(({ seq }) => seq === lastSeq)?.commandId;
        rows.set(key, toCommandDocument(aggregate, entry, { recordedAs, keepsDigest: this.options.checksOutcomes !== true && entry === last }));
      }
    }
    const inserted = await this.store.noteCommands([...rows.values()]);
    if (this.options.checksOutcomes !== true) for (const key of rows.keys()) this.noted.set(key, true); // else the flush has to find what it meets
    return inserted;
  }

  private async answer({ request, resolve, reject }: Waiting, troubles: ReadonlyMap<string, Trouble>, refused: Refused): Promise<void> {
    const why = refused.get(request.entity);
    if (why !== undefined) reject(why);
    else resolve(troubles.get(request.entity) ?? (await this.appended(request)));
  }

  private unnote({ entity, entries }: AppendRequest, noted: readonly string[]): Promise<void> {
    const isNoted = new Set(noted);
    for (const entry of entries) this.noted.delete(keyOf(entity, entry));
    return this.store.unnoteCommands(
      entity,
      entries.map(({ commandId }) => commandId).filter((id) => isNoted.has(id)),
    );
  }

  /** Never by a remembered head: an entry without records would be confirmed with a place that its entity left long ago, and so never. */
  private async appended({ entity, entries, at }: AppendRequest): Promise<AppendResult> {
    const record = entries.flatMap(({ records }) => records).at(-1);
    const place = record ?? at ?? (await this.store.head(entity));
    const seq = place?.seq ?? 0;
    return { status: 'appended', confirmation: { seq, hash: place?.hash ?? GENESIS_HASH, ...this.behind(entries.at(-1), seq) } };
  }

  private behind(last: AppendRequest['entries'][number] | undefined, seq: number): Pick<Confirmation, 'ordinal' | 'digest'> {
    const digest = this.options.checksOutcomes === true || last?.outcome.seq !== seq ? undefined : last.digest;
    return { ordinal: last?.ordinal ?? 0, ...(digest === undefined ? {} : { digest }) };
  }

  private async appendRuns(runs: readonly Run[], troubles: Map<string, Trouble>): Promise<Refused> {
    const refused = new Map<string, NotTaken>();
    const sound = ({ entity }: LedgerDocument): boolean => !troubles.has(entity) && !refused.has(entity);
    let rest = (await Promise.all(runs.map((run) => this.place(run, troubles)))).flat().filter(sound);
    while (rest.length > 0) {
      const part = rest.slice(0, INSERT_RECORDS_MAX);
      const stopped = await this.store.insertInOrder(part).catch(notTaken);
      const at = stopped instanceof NotTaken ? stopped.index : (stopped ?? part.length);
      for (const record of part.slice(0, at)) this.remember(record);
      if (stopped instanceof NotTaken) refused.set((part[at] as LedgerDocument).entity, stopped);
      else if (stopped !== null) await this.meet(part[at] as LedgerDocument, troubles);
      rest = rest.slice(stopped === null ? part.length : at + 1).filter(sound);
    }
    return refused;
  }

  /** What of a run is not in the ledger yet; a predecessor that is missing or another is a trouble, and then nothing is. */
  private async place(run: Run, troubles: Map<string, Trouble>): Promise<readonly LedgerDocument[]> {
    const first = run.records[0] as LedgerDocument;
    const last = run.records.at(-1) as LedgerDocument;
    if (first.seq === 1 && this.heads.get(run.entity) === undefined) return run.records; // the unique index says whether it is new
    const head = await this.headFor(run.entity, first.seq - 1);
    if (head === null || head.seq < first.seq - 1) return this.fork(troubles, first, 'gap');
    const present = Math.min(head.seq - first.seq + 1, run.records.length);
    const offered = present === 0 ? first.prevHash : run.records[present - 1]?.hash;
    const stored = last.seq < head.seq ? await this.store.hashAt(run.entity, last.seq) : head.hash;
    if (offered !== stored) return this.fork(troubles, present === 0 ? first : last, 'other-hash');
    return run.records.slice(present);
  }

  /** The remembered head may lag behind (others append too), so it is read again when it is too short to be of use. */
  private async headFor(entity: string, atLeastSeq: number): Promise<Head | null> {
    const remembered = this.heads.get(entity);
    if (remembered !== undefined && remembered.seq >= atLeastSeq) return remembered;
    const head = await this.store.head(entity);
    if (head !== null) this.heads.set(entity, head);
    return head;
  }

  /** A record whose place is taken: by itself, when somebody else appended it, or by another. */
  private async meet(record: LedgerDocument, troubles: Map<string, Trouble>): Promise<void> {
    if ((await this.store.hashAt(record.entity, record.seq)) === record.hash) this.remember(record);
    else await this.fork(troubles, record, 'other-hash');
  }

  private remember({ entity, seq, hash }: LedgerDocument): void {
    if ((this.heads.get(entity)?.seq ?? 0) < seq) this.heads.set(entity, { seq, hash });
  }

  private async fork(troubles: Map<string, Trouble>, record: LedgerDocument, why: Trouble['why']): Promise<[]> {
    troubles.set(record.entity, { status: 'fork', seq: record.seq, why });
    this.heads.delete(record.entity);
    if (this.options.notesForks !== false) await this.store.noteFork(record.entity, { seq: record.seq, why, offeredHash: record.hash });
    return [];
  }
}

/** The ordinal alone would not do: in another history it stands for another command. */
const keyOf = (entity: string, { ordinal, commandId }: OutboxEntry): string => `${entity}:${ordinal}:${commandId}`;

/** By entity: the database is there, and does not take its record. */
type Refused = ReadonlyMap<string, NotTaken>;

const notTaken = (error: unknown): NotTaken => {
  if (error instanceof NotTaken) return error;
  throw error;
};

/** Contiguous runs per entity out of all requests, each record once. Requests of one entity hold slices of one stream. */
const runsOf = (batch: readonly Waiting[]): readonly Run[] => {
  const runs: { entity: string; records: LedgerDocument[] }[] = [];
  for (const documents of byEntity(batch).values()) {
    for (const document of [...documents.values()].sort((a, b) => a.seq - b.seq)) {
      const run = runs.at(-1);
      if (run !== undefined && isNextOf(run.records.at(-1) as LedgerDocument, document)) run.records.push(document);
      else runs.push({ entity: document.entity, records: [document] });
    }
  }
  return runs;
};

/** Of each entity its records by hash, which covers place and bytes alike. */
const byEntity = (batch: readonly Waiting[]): ReadonlyMap<string, ReadonlyMap<string, LedgerDocument>> => {
  const entities = new Map<string, Map<string, LedgerDocument>>();
  for (const { request, documents } of batch) {
    const own = entities.get(request.entity) ?? new Map<string, LedgerDocument>();
    for (const document of documents) own.set(document.hash, document);
    entities.set(request.entity, own);
  }
  return entities;
};

const isNextOf = (before: LedgerDocument, after: LedgerDocument): boolean =>
  before.entity === after.entity && after.seq === before.seq + 1 && after.prevHash === before.hash;
