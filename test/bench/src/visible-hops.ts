import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { ActiveModel, fromCloudEvent, type FeedDocument, type LedgerStore, type ModelDocument } from '@qiyue/engine-runtime';
import { needsModel } from '@qiyue/need';
import { KafkajsEventBus, type Subscription } from '@qiyue/platform';
import { eventTopicOf } from '@qiyue/engine';
import type { ChangeStreamInsertDocument, ChangeStreamReplaceDocument } from 'mongodb';
import { nowMs } from './measure';

/** Where a record has come to, in this order. `consumed` is the topic's consumer in the bench, so it stands for publishing and consuming. */
export const HOPS = ['answered', 'appended', 'fed', 'consumed', 'written'] as const;
export type Hop = (typeof HOPS)[number];

const BOUND_MS = 30_000;
type WrittenDocument = ModelDocument<unknown>;
type WrittenChange = ChangeStreamInsertDocument<WrittenDocument> | ChangeStreamReplaceDocument<WrittenDocument>;
type Place = Readonly<{ entity: string; seq: number }>;

/** When each record was seen at each place on its way to the read model, ms. */
export class VisibleHops {
  private readonly times = new Map<string, Partial<Record<Hop, number>>>();
  private readonly seen = new Map<string, number>();
  private readonly waiting = new Map<string, () => void>();
  private subscription: Subscription | null = null;
  private readonly streams: { close(): Promise<void> }[] = [];

  constructor(
    private readonly store: LedgerStore,
    private readonly needs: readonly string[],
  ) {}

  async start(brokers: readonly string[]): Promise<void> {
    const stream = this.store.feed.watch<FeedDocument, ChangeStreamInsertDocument<FeedDocument>>([{ $match: { operationType: 'insert' } }], {
      maxAwaitTimeMS: 1_000,
    });
    this.streams.push(stream);
    stream.on('change', ({ fullDocument }) => this.note('fed', fullDocument));
    stream.on('error', () => undefined); // closed at the end
    const bus = new KafkajsEventBus(brokers, 'bench-visible');
    const groupId = `bench-${randomBytes(6).toString('hex')}`;
    this.subscription = await bus.subscribe({ groupId, topics: [eventTopicOf('need')], from: 'end' }, async (messages) => {
      for (const { value } of messages) {
        const received = fromCloudEvent(value ?? '');
        if (received.ok) this.note('consumed', received.record.body);
      }
    });
    const model = await new ActiveModel(this.store.db, needsModel).collection();
    const written = model.watch<WrittenDocument, WrittenChange>([{ $project: { 'fullDocument._id': 1, 'fullDocument.seq': 1 } }], {
      maxAwaitTimeMS: 1_000,
    });
    this.streams.push(written);
    written.on('change', ({ fullDocument: { _id: entity, seq } }) => this.written(entity, seq));
    written.on('error', () => undefined); // closed at the end
    await once(written, 'resumeTokenChanged'); // it is open
    const before = model.find({ _id: { $in: [...this.needs] } }, { projection: { seq: 1 } });
    for await (const { _id: entity, seq } of before) this.written(entity, seq);
  }

  async stop(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.close()));
    await this.subscription?.close();
  }

  note(hop: Hop, { entity, seq }: Place): void {
    const key = `${entity}:${seq}`;
    const times = this.times.get(key) ?? {};
    times[hop] ??= nowMs();
    this.times.set(key, times);
  }

  /** Resolves when the read model has it. */
  untilWritten({ entity, seq }: Place): Promise<void> {
    if ((this.seen.get(entity) ?? 0) >= seq) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('bench: not visible in time')), BOUND_MS);
      this.waiting.set(`${entity}:${seq}`, () => (clearTimeout(late), resolve()));
    });
  }

  /** From one place to the next, of all records that were seen at both. */
  between(from: Hop, to: Hop): readonly number[] {
    return [...this.times.values()].flatMap((times) => {
      const [began, ended] = [times[from], times[to]];
      return began === undefined || ended === undefined ? [] : [Math.max(0, ended - began)];
    });
  }

  private written(entity: string, upTo: number): void {
    for (let seq = (this.seen.get(entity) ?? 0) + 1; seq <= upTo; seq += 1) {
      this.note('written', { entity, seq });
      this.waiting.get(`${entity}:${seq}`)?.();
      this.waiting.delete(`${entity}:${seq}`);
    }
    this.seen.set(entity, Math.max(upTo, this.seen.get(entity) ?? 0));
  }
}
