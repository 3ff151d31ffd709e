import type { Collection } from 'mongodb';
import { Incidents } from '../incidents/incidents';
import type { LedgerStore } from '../ledger/ledger-store';
import { FeedReader, type FeedRow, type Positioned } from './feed-reader';
import { AnswerUnclear, RecordsRefused } from './refusals';
import { RelayAside, type Refused } from './relay-aside';
import { SendTrouble } from './send-trouble';

const BATCH_MAX = 500;
const SEND_RETRY_MS = 500;
const NOTE_RETRY_MS = 500;
/** How often at most it is noted how far the topic has come. */
const NOTE_EVERY_MS = 200;
const LOOK_EVERY_MS = 1_000;
/** Tries of a batch whose refusal may be the server's own trouble, and of the parts that it is then split into. */
const UNCLEAR_MAX = 10;
const UNCLEAR_PART_MAX = 2;

/** How far the topic is behind the feed. */
export interface RelayState {
  readonly _id: 'relay';
  readonly publishedN: number;
}

/** What a relay asks of whatever carries records to a topic. */
export interface PublishOptions {
  /**
   * Resolves when every in-sync replica has all of them, in this order. Rejects with `RecordsRefused` when the records are to
   * blame, with `AnswerUnclear` when they may be; with anything else the server is away.
   */
  readonly publish: (batch: readonly Positioned[]) => Promise<void>;
  /** Told of each trouble that is being retried: kind only. */
  readonly onTrouble?: (phase: 'send' | 'session' | 'standby', error: unknown) => void;
  /** Told of what the server has taken. */
  readonly onPublished?: (batch: readonly Positioned[]) => void;
  /** A record and what follows it of its entity were set aside. */
  readonly onAside?: (refused: Refused) => void;
}

type Sent = { readonly kind: 'sent' | 'stopped' } | { readonly kind: 'refused'; readonly why: string };

/** The one row that says how far the topic is. */
export const relayStateOf = (store: LedgerStore): Collection<RelayState> =>
  store.db.collection(store.nameOf('relay'), { readConcern: { level: 'majority' }, writeConcern: { w: 'majority', journal: true } });

/**
 * Carries the feed to Kafka in order of position and knows how far it is.
 *
 * Contract:
 * 1. One batch in flight; what the server is away for is sent again and never skipped. After a crash the topic may repeat a batch,
 *    but first occurrences of one entity are never out of order.
 * 2. A record that is refused for its own sake is found by splitting the batch and set aside, durably, before `publishedN` passes it.
 *    Later records of its entity wait behind it; all others go on.
 * 3. What is set aside goes out again when its row asks for it or is gone: in order, from the refused record on.
 */
export class FeedPublisher {
  private readonly state: Collection<RelayState>;
  private readonly reader: FeedReader;
  private readonly rows: RelayAside;
  private readonly incidents: Incidents;
  private readonly trouble: SendTrouble;
  private aside = new Map<string, Refused>();
  private publishedN = 0;
  private noting: Promise<void> | null = null;
  private nextLookMs = 0;
  private stopping = false;

  constructor(
    store: LedgerStore,
    private readonly options: PublishOptions,
  ) {
    this.state = relayStateOf(store);
    this.reader = new FeedReader(store);
    this.rows = new RelayAside(store);
    this.incidents = new Incidents(store.db);
    this.trouble = new SendTrouble(this.incidents, `relay/${store.namespace === '' ? 'ledger' : store.namespace}`);
  }

  stop(): void {
    this.stopping = true;
  }

  /** Publishes what is fed and was not published yet. Answers the position up to which everything is. */
  async publishLeftovers(): Promise<number> {
    let published = (await this.state.findOne({ _id: 'relay' }))?.publishedN ?? 0;
    await this.knowAside(); // behind the look at `publishedN`: what that has passed without being published is in here
    while (!this.stopping) {
      const rows = await this.reader.rowsAfter(published, BATCH_MAX);
      if (rows.length === 0) break;
      await this.publish(rows);
      published = rows.at(-1)?.position ?? published;
    }
    this.trouble.over();
    return published;
  }

  async publish(rows: readonly FeedRow[]): Promise<void> {
    await this.deliver(rows, UNCLEAR_MAX);
    if (this.stopping) return;
    this.publishedN = rows.at(-1)?.position ?? this.publishedN;
    this.noting ??= this.notePublished();
  }

  /** Once a second at most: takes up again what an operator asked for, and what another relay did with the rows. */
  async lookAfterAside(): Promise<void> {
    if (Date.now() < this.nextLookMs) return;
    this.nextLookMs = Date.now() + LOOK_EVERY_MS;
    const rows = new Map((await this.rows.list()).map((row) => [row._id, row]));
    const due = [...this.aside.values()].filter(({ entity }) => rows.get(entity)?.retry ?? true);
    for (const [entity, { seq, position, why }] of rows) if (!this.aside.has(entity)) this.aside.set(entity, { entity, seq, position, why });
    for (const refused of due) await this.takeUp(refused);
  }

  /** Resolves when `publishedN` is noted or cannot be. */
  async settled(): Promise<void> {
    await this.noting;
    await this.trouble.told();
  }

  private async knowAside(): Promise<void> {
    const rows = await this.rows.list();
    this.aside = new Map(rows.map(({ _id: entity, seq, position, why }) => [entity, { entity, seq, position, why }]));
    for (const refused of this.aside.values()) await this.tell(refused);
  }

  private async takeUp(refused: Refused): Promise<void> {
    const { entity } = refused;
    this.aside.delete(entity);
    for (let fromSeq = refused.seq; !this.aside.has(entity);) {
      const rows = await this.reader.rowsOf(entity, fromSeq, BATCH_MAX);
      if (this.stopping) return;
      if (rows.length === 0) {
        await this.rows.remove(entity);
        return this.incidents.clear('record-refused', entity);
      }
      await this.deliver(rows, UNCLEAR_MAX);
      fromSeq = (rows.at(-1)?.seq ?? fromSeq) + 1;
    }
  }

  /** In order. A batch that is refused is halved until the record that is to blame stands alone. */
  private async deliver(rows: readonly FeedRow[], triesMax: number): Promise<void> {
    const due = rows.filter(({ entity, seq }) => seq < (this.aside.get(entity)?.seq ?? Infinity));
    const batch = due.filter(isHeld);
    const missing = due.find((row) => !isHeld(row));
    const sent = missing !== undefined && due.length === 1 ? NOT_IN_LEDGER : missing !== undefined ? MIXED : await this.send(batch, triesMax);
    if (sent.kind !== 'refused') return;
    if (due.length === 1) return this.setAside(due[0] as FeedRow, sent.why);
    const half = Math.ceil(due.length / 2);
    await this.deliver(due.slice(0, half), UNCLEAR_PART_MAX);
    await this.deliver(due.slice(half), UNCLEAR_PART_MAX);
  }

  /** Until it has been sent or refused. */
  private async send(batch: readonly Positioned[], triesMax: number): Promise<Sent> {
    if (batch.length === 0) return { kind: 'sent' };
    for (let unclear = 0; !this.stopping;) {
      try {
        await this.options.publish(batch);
        this.trouble.over();
        this.options.onPublished?.(batch);
        return { kind: 'sent' };
      } catch (error) {
        if (error instanceof RecordsRefused) return { kind: 'refused', why: error.why };
        if (error instanceof AnswerUnclear && (unclear += 1) >= triesMax) return { kind: 'refused', why: error.why };
        this.options.onTrouble?.('send', error);
        this.trouble.met(error);
        await this.pause(SEND_RETRY_MS);
      }
    }
    return { kind: 'stopped' };
  }

  private async setAside({ entity, seq, position }: FeedRow, why: string): Promise<void> {
    const refused = { entity, seq, position, why };
    await this.rows.add(refused);
    this.aside.set(entity, refused);
    this.options.onAside?.(refused);
    await this.tell(refused);
  }

  private tell({ entity, seq, why }: Refused): Promise<void> {
    return this.incidents.note({ kind: 'record-refused', subject: entity, entity, seq, why });
  }

  /** Beside the next batch: what a crash keeps from being noted is only sent again. */
  private async notePublished(): Promise<void> {
    let noted = 0;
    while (noted < this.publishedN) {
      const publishedN = this.publishedN;
      try {
        await this.state.updateOne({ _id: 'relay' }, { $max: { publishedN } }, { upsert: true });
        noted = publishedN;
        await this.pause(NOTE_EVERY_MS);
      } catch (error) {
        this.options.onTrouble?.('session', error);
        if (this.stopping) break;
        await this.pause(NOTE_RETRY_MS);
      }
    }
    this.noting = null; // here, with nothing between it and the last look at `publishedN`
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.stopping ? 0 : ms));
  }
}

const NOT_IN_LEDGER: Sent = { kind: 'refused', why: 'not-in-ledger' };
/** Not sent at all: split first, so that what is there goes out and what is not is set aside. */
const MIXED: Sent = { kind: 'refused', why: 'mixed' };

const isHeld = (row: FeedRow): row is FeedRow & Positioned => row.document !== null;
