import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointFolder, keepCheckpoint, KafkaWitness, verifyEvidence, type KeepOptions, type Kept, type Witnessed } from '@qiyue/audit';
import { KafkajsEventBus, publishWith, type Publisher } from '@qiyue/platform';
import { eventTopicOf, GENESIS_HASH, sealRecord } from '@qiyue/engine';
import { newSigningKey, relayStateOf, toLedgerDocument, type Finding, type LedgerDocument } from '@qiyue/engine-runtime';
import { createTopics, freshStore, serversFromEnv } from '@qiyue/testkit';

const ACTOR = { id: 'ann', role: 'resident', unit: null };

interface Backup {
  readonly ledger: readonly LedgerDocument[];
  readonly feed: readonly { readonly _id: number; readonly entity: string; readonly seq: number }[];
  readonly publishedN: number;
}

/** A ledger with checkpoints in a folder and copies on topics of its own: all that evidence rests on, and nothing else. */
export class EvidencePlace {
  readonly key = newSigningKey();
  readonly aggregate = `drill-${[...randomBytes(8)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')}`;
  readonly path = mkdtempSync(join(tmpdir(), 'qiyue-drill-'));
  readonly folder = new CheckpointFolder(this.path);
  private readonly bus = new KafkajsEventBus(serversFromEnv().kafka.split(','), 'drill');
  private readonly publisher: Publisher = this.bus.publisher();

  private constructor(
    private readonly fresh: Awaited<ReturnType<typeof freshStore>>,
    readonly witness: KafkaWitness,
  ) {}

  static async open(): Promise<EvidencePlace> {
    const brokers = serversFromEnv().kafka.split(',');
    const checkpoints = `test.checkpoints.${randomBytes(4).toString('hex')}`;
    const place = new EvidencePlace(await freshStore(), new KafkaWitness(brokers, new KafkajsEventBus(brokers, 'drill'), {}, checkpoints));
    await createTopics([eventTopicOf(place.aggregate), checkpoints], 1);
    return place;
  }

  async close(): Promise<void> {
    await this.publisher.close();
    await this.fresh.drop();
    rmSync(this.path, { recursive: true, force: true });
  }

  get store() {
    return this.fresh.store;
  }
  get ledger(): Witnessed {
    return { store: this.store, folder: this.folder, aggregates: [this.aggregate] };
  }

  keep(more: Partial<KeepOptions> = {}): Promise<Kept> {
    return keepCheckpoint({ ...this.ledger, key: this.key, witness: this.witness, ...more });
  }
  async findings(topics: 'whole' | 'new' | null = 'whole'): Promise<readonly Finding[]> {
    return (await verifyEvidence(this.ledger, this.witness, topics === null ? {} : { topics })).findings;
  }

  /** Linked behind what the ledger holds of it, as the workflow links them. */
  async next(entity: string, count: number, note = ''): Promise<readonly LedgerDocument[]> {
    const head = await this.store.head(entity);
    const documents: LedgerDocument[] = [];
    for (let seq = (head?.seq ?? 0) + 1; documents.length < count; seq += 1) {
      const body = { v: 1 as const, aggregate: this.aggregate, entity, seq, type: 'Noted', time: '2024-07-01T08:00:00.000+08:00', actor: ACTOR };
      const prevHash = documents.at(-1)?.hash ?? head?.hash ?? GENESIS_HASH;
      documents.push(toLedgerDocument(sealRecord({ ...body, commandId: `timer:c-${entity}-${seq}`, data: { note }, prevHash })));
    }
    return documents;
  }

  /** Appended, fed and published. */
  async append(entity: string, count: number, note = ''): Promise<readonly LedgerDocument[]> {
    const documents = await this.next(entity, count, note);
    await this.store.ledger.insertMany(structuredClone([...documents]));
    await this.publish(await this.feed(documents));
    return documents;
  }

  async feed(documents: readonly LedgerDocument[]): Promise<readonly { readonly position: number; readonly document: LedgerDocument }[]> {
    const last = (await this.store.feed.findOne({}, { sort: { _id: -1 } }))?._id ?? 0;
    const placed = documents.map((document, i) => ({ position: last + 1 + i, document }));
    await this.store.feed.insertMany(placed.map(({ position, document: { entity, seq } }) => ({ _id: position, entity, seq })));
    return placed;
  }

  async publish(placed: readonly { readonly position: number; readonly document: LedgerDocument }[]): Promise<void> {
    await publishWith(this.publisher, placed);
    await this.notePublished(placed.at(-1)?.position ?? 0);
  }

  /** Written by whoever may write to the topic. */
  async forge(key: string, value: string): Promise<void> {
    await this.publisher.send(eventTopicOf(this.aggregate), [{ key, value }]);
  }

  async notePublished(publishedN: number): Promise<void> {
    await relayStateOf(this.store).updateOne({ _id: 'relay' }, { $set: { publishedN } }, { upsert: true });
  }

  async backup(): Promise<Backup> {
    const { store } = this;
    const publishedN = (await relayStateOf(store).findOne({ _id: 'relay' }))?.publishedN ?? 0;
    return { ledger: await store.ledger.find().toArray(), feed: await store.feed.find().toArray(), publishedN };
  }

  /** The database as it was; folder and topics are newer. */
  async restore({ ledger, feed, publishedN }: Backup): Promise<void> {
    await this.store.ledger.deleteMany({});
    await this.store.feed.deleteMany({});
    await this.store.ledger.insertMany(structuredClone([...ledger]));
    await this.store.feed.insertMany(structuredClone([...feed]));
    await this.notePublished(publishedN);
  }
}
