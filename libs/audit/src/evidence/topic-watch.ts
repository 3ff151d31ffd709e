import { eventTopicOf } from '@qiyue/engine';
import {
  FeedReader,
  fromCloudEvent,
  hashesOf,
  RelayAside,
  relayStateOf,
  SeenPlaces,
  type LedgerStore,
  type UnseenPlaces,
} from '@qiyue/engine-runtime';
import type { Collection } from 'mongodb';
import { z } from 'zod';
import { type EventBus, type IncomingMessage, type Subscription, ReaderPositions, type Logger } from '@qiyue/platform';
import { HOLE_AFTER_MS, nextWaiting, TopicStanding } from './topic-standing';

export interface TopicWatchParts {
  readonly store: LedgerStore;
  readonly bus: Pick<EventBus, 'subscribe'>;
  /** Whose events are in this ledger. */
  readonly aggregates: readonly string[];
  readonly log: Pick<Logger, 'warn' | 'error'>;
  readonly groupId?: string;
}

const LOOK_EVERY_MS = 5_000;
/** Reading what is older than this, it has not caught up: what it has not met yet may still come. */
const LATE_MS = 10_000;
const DIFFERING_MAX = 1_000;
/** Seldom and much at once: nobody waits for it. */
const PACE = { waitMs: 2_000, bytesMin: 1_048_576 };

/** A message that says of a record what the ledger does not. */
export interface DifferingMessage {
  /** `<entity>:<seq>:<hash>`, cut off if need be. */
  readonly _id: string;
  readonly entity: string;
  readonly seq: number;
  readonly at: Date;
}
export const differingMessages = ({ db, nameOf, ...store }: LedgerStore): Collection<DifferingMessage> =>
  db.collection(nameOf.call(store, 'topicDiffers'));

/** What was given up is no contradiction any more. */
export const forgetDiffering = async (
  store: LedgerStore,
  given: readonly { readonly entity: string; readonly seq: number; readonly hash: string }[],
): Promise<void> => {
  await differingMessages(store).deleteMany({ _id: { $in: given.map(({ entity, seq, hash }) => `${entity}:${seq}:${hash}`) } });
};

const saidSchema = z.object({
  subject: z.string().min(1).max(200),
  sequence: z.string().regex(/^[1-9]\d{0,14}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  position: z.int().min(1).optional(),
});
interface Said {
  readonly id: string;
  readonly entity: string;
  readonly seq: number;
  readonly hash: string;
  readonly position: number | undefined;
  readonly text: string;
}

/** What a message says of a record. Whether its hash covers its content is looked at where it is not the ledger's. */
const saidIn = (value: string | null): readonly Said[] => {
  try {
    const { subject: entity, sequence, hash, position } = saidSchema.parse(JSON.parse(value ?? ''));
    return [{ id: `${entity}:${sequence}`, entity, seq: Number(sequence), hash, position, text: value ?? '' }];
  } catch {
    return []; // not ours: a dead letter of whoever has to read it
  }
};

/**
 * Holds ledger, feed and topic against each other for as long as the process lives.
 *
 * Contract:
 * 1. The hash that every message of the topic names is compared with the ledger's, and its place in the feed is noted as met. What differs is kept by name,
 *    unless its hash is not even its own: that is no record, and a dead letter of whoever reads it.
 * 2. A place that was published and is not met within half a minute is a hole: shown, and published again, with what follows it of its entity.
 * 3. Several processes share the partitions, in any order; a crash has some of it done twice.
 */
export class TopicWatch {
  private readonly seen: SeenPlaces;
  private readonly standing: TopicStanding;
  private readonly differing: Collection<DifferingMessage>;
  private subscription: Subscription | null = null;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();
  /** When something was read last that had lain there for long. */
  private lateAtMs = -Infinity;

  constructor(private readonly parts: TopicWatchParts) {
    this.seen = new SeenPlaces(parts.store);
    this.standing = new TopicStanding(parts.store);
    this.differing = differingMessages(parts.store);
  }

  async start(): Promise<void> {
    const { bus, aggregates, log, store, groupId = `qiyue.compare.${store.namespace || 'ledger'}` } = this.parts;
    this.lateAtMs = Date.now();
    this.timer ??= setInterval(() => this.look(), LOOK_EVERY_MS);
    this.subscription = await bus.subscribe(
      {
        groupId,
        topics: aggregates.map(eventTopicOf),
        pace: PACE,
        positions: new ReaderPositions(store.db, groupId),
        onTrouble: (kind) => log.warn({ kind }, 'the comparison starts anew'),
      },
      (messages) => this.compare(messages),
    );
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.subscription?.close();
    await this.looking;
  }

  /** Ledger and feed are asked once for a batch. */
  async compare(messages: readonly IncomingMessage[]): Promise<void> {
    const said = messages.flatMap(({ value }) => saidIn(value));
    if (Date.now() - (messages.at(-1)?.timestampMs ?? 0) > LATE_MS) this.lateAtMs = Date.now();
    const places = said.flatMap(({ position }) => position ?? []);
    const { store } = this.parts;
    const [hashes, rows] = await Promise.all([hashesOf(store, said), store.feed.find({ _id: { $in: places } }).toArray()]);
    const fed = new Map(rows.map(({ _id, entity, seq }) => [_id, `${entity}:${seq}`]));
    const isSame = ({ id, hash }: Said): boolean => hashes.get(id) === hash;
    await this.seen.note(
      said.flatMap((one) => (isSame(one) && one.position !== undefined && fed.get(one.position) === one.id ? [one.position] : [])),
    );
    await this.noteDiffering(said.filter((one) => !isSame(one) && fromCloudEvent(one.text).ok));
  }

  /** One look at how things stand. Exported for those who cannot wait. */
  async lookNow(): Promise<void> {
    const { store, log } = this.parts;
    const publishedN = (await relayStateOf(store).findOne({ _id: 'relay' }))?.publishedN ?? 0;
    const feedHead = await new FeedReader(store).headPosition();
    const unseen = await this.seen.unseen(feedHead);
    const holes = await this.holes(unseen, publishedN);
    await this.forgetMended();
    const sinceMs = await this.standing.note({
      comparedUpTo: unseen.upTo,
      unseen: unseen.count,
      next: await nextWaiting(store, unseen.first[0]),
      holes: holes.length,
      firstHole: holes[0] ?? null,
      differing: await this.differing.countDocuments(),
    });
    if (holes[0] === undefined || sinceMs === null || Date.now() - sinceMs < HOLE_AFTER_MS) return;
    const [{ entity, seq, position }] = holes as [(typeof holes)[number]];
    log.error({ entity, seq, position, ledger: store.namespace }, 'a record is not on the topic, though it was published: it is published again');
    const aside = new RelayAside(store);
    await aside.add({ entity, seq, position, why: 'not-on-topic' });
    await aside.retry(entity);
  }

  private look(): void {
    this.looking = this.looking
      .then(() => this.lookNow())
      .catch((error: unknown) =>
        this.parts.log.warn({ err: error instanceof Error ? error.name : typeof error }, 'ledger and topic will be compared again'),
      );
  }

  /** What the relay has set aside is known to be missing. */
  private async holes({ first }: UnseenPlaces, publishedN: number) {
    const { store } = this.parts;
    if (Date.now() - this.lateAtMs < LATE_MS) return [];
    const rows = await store.feed
      .find({ _id: { $in: first.filter((place) => place <= publishedN) } })
      .sort({ _id: 1 })
      .toArray();
    const aside = new Set((await new RelayAside(store).list()).map(({ _id }) => _id));
    return rows.filter(({ entity }) => !aside.has(entity)).map(({ _id: position, entity, seq }) => ({ position, entity, seq }));
  }

  private async noteDiffering(records: readonly Said[]): Promise<void> {
    if (records.length === 0 || (await this.differing.countDocuments()) >= DIFFERING_MAX) return;
    const at = new Date();
    const writes = records.slice(0, DIFFERING_MAX).map(({ entity, seq, hash }) => ({
      updateOne: { filter: { _id: `${entity}:${seq}:${hash}` }, update: { $setOnInsert: { entity, seq, at } }, upsert: true },
    }));
    await this.differing.bulkWrite(writes, { ordered: false });
  }

  /** What the ledger holds by now, as the message said: it was put back, or a replica was behind. */
  private async forgetMended(): Promise<void> {
    const rows = await this.differing.find().toArray();
    if (rows.length === 0) return;
    const known = new Set([...(await hashesOf(this.parts.store, rows))].map(([id, hash]) => `${id}:${hash}`));
    await this.differing.deleteMany({ _id: { $in: rows.map(({ _id }) => _id).filter((id) => known.has(id)) } });
  }
}
