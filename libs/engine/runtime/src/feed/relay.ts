import { MongoBulkWriteError, type ChangeStream, type ChangeStreamInsertDocument } from 'mongodb';
import { LRUCache } from 'lru-cache';
import type { FeedDocument, LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { FeedPublisher, type PublishOptions } from './feed-publisher';
import type { FeedRow } from './feed-reader';
import { HintBuffer } from './hint-buffer';
import { unfedEntities } from './unfed-entities';

const BATCH_MAX = 500;
const ENTITIES_REMEMBERED = 100_000;
const SESSION_RETRY_MS = 500;
const STANDBY_MS = 5_000;
/** How often what was set aside is looked after. */
const LOOK_EVERY_MS = 1_000;
const DUPLICATE_KEY = 11000;

/** How a relay publishes, and whom it tells. */
export type RelayOptions = PublishOptions;

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
 * 3. Published in order of position, by `FeedPublisher`: what the broker refuses is set aside with what follows it of its entity.
 * 4. At start: open the stream, publish what lies behind `publishedN`, feed what the ledger has and the feed has not,
 *    then follow. A stream that is lost starts the session anew.
 * 5. The next place is the one behind the last that is known to be published or set aside, never the one behind the feed's head:
 *    what another relay fed meanwhile is then met as a duplicate, and published by whoever goes on.
 */
export class Relay {
  private readonly publisher: FeedPublisher;
  private readonly lastFed = new LRUCache<string, number>({ max: ENTITIES_REMEMBERED });
  private nextPosition = 1;
  private stopping = false;
  private hints = new HintBuffer();
  private following = false;

  constructor(
    private readonly store: LedgerStore,
    private readonly options: RelayOptions,
  ) {
    this.publisher = new FeedPublisher(store, options);
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

  /** Has `run` resolve, behind the batch that is under way. */
  stop(): void {
    this.stopping = true;
    this.publisher.stop();
    this.hints.wake();
  }

  private async session(): Promise<void> {
    this.hints = new HintBuffer();
    const stream = this.store.ledger.watch<LedgerDocument, Insert>([{ $match: { operationType: 'insert' } }], { maxAwaitTimeMS: 1_000 });
    const looking = setInterval(() => this.hints.wake(), LOOK_EVERY_MS);
    try {
      await this.listen(stream, this.hints);
      this.lastFed.clear();
      this.nextPosition = (await this.publisher.publishLeftovers()) + 1;
      if (this.stopping) return;
      await this.feedForgotten();
      this.following = true;
      while (!this.stopping) {
        const { documents, entities } = await this.hints.take(BATCH_MAX);
        if (documents.length > 0) await this.feed(await this.inLine(documents));
        for (const entity of entities) await this.feedEntity(entity);
        await this.publisher.lookAfterAside();
      }
    } finally {
      this.following = false;
      clearInterval(looking);
      await this.publisher.settled();
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
      const batch = documents.slice(from, from + BATCH_MAX).map((document, i) => rowOf(document, this.nextPosition + i));
      await this.insertRows(batch.map(({ position, entity, seq }) => ({ _id: position, entity, seq })));
      this.nextPosition += batch.length;
      for (const { entity, seq } of batch) this.lastFed.set(entity, seq);
      await this.publisher.publish(batch);
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

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.stopping ? 0 : ms));
  }
}

const rowOf = (document: LedgerDocument, position: number): FeedRow => ({ position, entity: document.entity, seq: document.seq, document });
