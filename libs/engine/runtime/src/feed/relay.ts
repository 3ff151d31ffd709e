import { MongoBulkWriteError, type ChangeStream, type ChangeStreamInsertDocument, type Collection } from 'mongodb';
import { LruMap } from '../lru-map';
import type { FeedDocument, LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { FeedReader, type Positioned } from './feed-reader';
import { HintBuffer } from './hint-buffer';
import { unfedEntities } from './unfed-entities';

const BATCH_MAX = 500;
const ENTITIES_REMEMBERED = 100_000;
const SEND_RETRY_MS = 500;
const SESSION_RETRY_MS = 500;
const STANDBY_MS = 5_000;
const DUPLICATE_KEY = 11000;

/** How far the topic is behind the feed. */
interface RelayState {
  readonly _id: 'relay';
  readonly publishedN: number;
}

export interface RelayOptions {
  /** Resolves when every in-sync replica has all of them, in this order. */
  readonly publish: (batch: readonly Positioned[]) => Promise<void>;
  /** Told of each trouble that is being retried: kind only. */
  readonly onTrouble?: (phase: 'send' | 'session' | 'standby', error: unknown) => void;
  readonly onPublished?: (batch: readonly Positioned[]) => void;
}

type Insert = ChangeStreamInsertDocument<LedgerDocument>;

/** Another relay has taken the position that this one wanted. */
class AnotherRelay extends Error {
  override readonly name = 'AnotherRelay';
}

/**
 * Gives every ledger record its place in one global order and carries it to Kafka in that order.
 *
 * Contract:
 * 1. A change of the ledger is a hint only: what follows an entity's last feed row is fed, in order of seq.
 * 2. A feed row is unique both ways, so two relays cannot give one place twice: the one that meets a duplicate stands by.
 * 3. Published in order of position, one batch in flight; a failed send is sent again and never skipped. After a crash
 *    the topic may repeat a batch, but first occurrences are never out of order.
 * 4. At start: open the stream, publish what lies behind `publishedN`, feed what the ledger has and the feed has not,
 *    then follow. A stream that is lost starts the session anew.
 */
export class Relay {
  private readonly state: Collection<RelayState>;
  private readonly reader: FeedReader;
  private lastFed = new LruMap<string, number>(ENTITIES_REMEMBERED);
  private nextPosition = 1;
  private publishedN = 0;
  private noting: Promise<void> | null = null;
  private stopping = false;
  private hints = new HintBuffer();
  private following = false;

  constructor(
    private readonly store: LedgerStore,
    private readonly options: RelayOptions,
  ) {
    this.state = store.db.collection(store.nameOf('relay'), { readConcern: { level: 'majority' }, writeConcern: { w: 'majority', journal: true } });
    this.reader = new FeedReader(store);
  }

  /** True while the ledger is being followed. */
  get isFollowing(): boolean {
    return this.following;
  }

  /** Runs until `stop`. */
  async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.session();
      } catch (error) {
        const another = error instanceof AnotherRelay;
        this.options.onTrouble?.(another ? 'standby' : 'session', error);
        await this.pause(another ? STANDBY_MS : SESSION_RETRY_MS);
      }
    }
  }

  stop(): void {
    this.stopping = true;
    this.hints.wake();
  }

  private async session(): Promise<void> {
    this.hints = new HintBuffer();
    const stream = this.store.ledger.watch<LedgerDocument, Insert>([{ $match: { operationType: 'insert' } }], { maxAwaitTimeMS: 1_000 });
    try {
      await this.listen(stream, this.hints);
      this.lastFed = new LruMap(ENTITIES_REMEMBERED);
      await this.publishLeftovers();
      this.nextPosition = (await this.reader.headPosition()) + 1;
      await this.feedForgotten();
      this.following = true;
      while (!this.stopping) {
        const { documents, entities } = await this.hints.take(BATCH_MAX);
        if (documents.length > 0) await this.feed(await this.inLine(documents));
        for (const entity of entities) await this.feedEntity(entity);
      }
    } finally {
      this.following = false;
      await this.noting;
      await stream.close().catch(() => undefined);
    }
  }

  /** Resolves when the stream is open at the server: what is appended from then on is hinted, what came before is found by the walk. */
  private async listen(stream: ChangeStream<LedgerDocument, Insert>, hints: HintBuffer): Promise<void> {
    const first = await stream.tryNext();
    if (first) hints.add(first.fullDocument);
    void (async () => {
      for await (const { fullDocument } of stream) hints.add(fullDocument);
    })().then(
      () => hints.fail(new Error('change stream ended')),
      (error: unknown) => hints.fail(error instanceof Error ? error : new Error('change stream failed')),
    );
  }

  private async publishLeftovers(): Promise<void> {
    let published = (await this.state.findOne({ _id: 'relay' }))?.publishedN ?? 0;
    for (;;) {
      const batch = await this.reader.after(published, BATCH_MAX);
      if (batch.length === 0) return;
      await this.publish(batch);
      published = batch.at(-1)?.position ?? published;
    }
  }

  /** What was appended while no relay lived. One pass over two indexes, so that nothing depends on a stream's memory. */
  private async feedForgotten(): Promise<void> {
    for await (const { entity, fedSeq } of unfedEntities(this.store)) {
      this.lastFed.set(entity, fedSeq);
      await this.feedEntity(entity);
    }
  }

  private async feedEntity(entity: string): Promise<void> {
    for (;;) {
      const last = await this.lastFedSeq(entity);
      const documents = await this.store.stream(entity, last + 1, last + BATCH_MAX);
      if (documents.length === 0) return;
      await this.feed(documents);
    }
  }

  /** The hinted documents that come next for their entity; behind a gap the ledger itself is read. */
  private async inLine(documents: readonly LedgerDocument[]): Promise<readonly LedgerDocument[]> {
    const line: LedgerDocument[] = [];
    const reached = new Map<string, number>();
    for (const document of documents) {
      const last = reached.get(document.entity) ?? (await this.lastFedSeq(document.entity, document.seq));
      if (document.seq <= last) continue;
      const missing = document.seq === last + 1 ? [document] : await this.store.stream(document.entity, last + 1, document.seq);
      line.push(...missing);
      reached.set(document.entity, document.seq);
    }
    return line;
  }

  private async lastFedSeq(entity: string, hintedSeq?: number): Promise<number> {
    const remembered = this.lastFed.get(entity);
    if (remembered !== undefined) return remembered;
    if (hintedSeq === 1) return 0; // were it fed already, the unique index would say so
    return (await this.store.feed.findOne({ entity }, { sort: { seq: -1 } }))?.seq ?? 0;
  }

  private async feed(documents: readonly LedgerDocument[]): Promise<void> {
    for (let from = 0; from < documents.length; from += BATCH_MAX) {
      const batch = documents.slice(from, from + BATCH_MAX).map((document, i) => ({ position: this.nextPosition + i, document }));
      await this.insertRows(batch.map(({ position, document: { entity, seq } }) => ({ _id: position, entity, seq })));
      this.nextPosition += batch.length;
      for (const { document } of batch) this.lastFed.set(document.entity, document.seq);
      await this.publish(batch);
    }
  }

  private async insertRows(rows: FeedDocument[]): Promise<void> {
    try {
      await this.store.feed.insertMany(rows, { ordered: true });
    } catch (error) {
      if (error instanceof MongoBulkWriteError && error.code === DUPLICATE_KEY) throw new AnotherRelay();
      throw error;
    }
  }

  /** Until it has been sent: a batch is never skipped, and the feed grows meanwhile. */
  private async publish(batch: readonly Positioned[]): Promise<void> {
    while (!this.stopping) {
      try {
        await this.options.publish(batch);
        break;
      } catch (error) {
        this.options.onTrouble?.('send', error);
        await this.pause(SEND_RETRY_MS);
      }
    }
    if (this.stopping) return;
    this.options.onPublished?.(batch);
    this.publishedN = batch.at(-1)?.position ?? this.publishedN;
    this.noting ??= this.notePublished();
  }

  /** Beside the next batch: what a crash keeps from being noted is only sent again. */
  private async notePublished(): Promise<void> {
    let noted = 0;
    while (noted < this.publishedN) {
      const publishedN = this.publishedN;
      try {
        await this.state.updateOne({ _id: 'relay' }, { $max: { publishedN } }, { upsert: true });
        noted = publishedN;
      } catch (error) {
        this.options.onTrouble?.('session', error);
        if (this.stopping) break;
        await this.pause(SESSION_RETRY_MS);
      }
    }
    this.noting = null; // here, with nothing between it and the last look at `publishedN`
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.stopping ? 0 : ms));
  }
}
