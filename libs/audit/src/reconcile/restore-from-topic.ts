import { sealRecord, toShanghaiIso } from '@qiyue/engine';
import {
  Incidents,
  mendStream,
  RelayAside,
  toLedgerDocument,
  type FeedDocument,
  type LedgerDocument,
  type LedgerStore,
  type MendedStream,
  type ReceivedRecord,
} from '@qiyue/engine-runtime';
import { insertNew } from '@qiyue/platform';

export interface RestoreDeps {
  readonly store: LedgerStore;
  /** What the events topic holds of the entity; null: it cannot be read now. */
  readonly copiesOf: (entity: string) => Promise<readonly ReceivedRecord[] | null>;
  /** Who else knows a record of it: the last checkpoint, the workflow. */
  readonly anchorsOf: (entity: string) => Promise<readonly { readonly seq: number; readonly hash: string }[]>;
  /** Keeps on record what is about to be put back; nothing is when it rejects. */
  readonly record: (documents: readonly LedgerDocument[]) => Promise<void>;
}

export type Restoration =
  | {
      readonly ok: true;
      /** Where the stream ends. */
      readonly seq: number;
      /** What was put back, or would be. */
      readonly restored: readonly number[];
    }
  | { readonly ok: false; readonly why: 'no-such-entity' }
  | { readonly ok: false; readonly why: 'topic-away' }
  | Extract<MendedStream, { ok: false }>;

/** What stood in the place of a record that was put back, kept for whoever looks into it. */
interface DamagedDocument {
  readonly entity: string;
  readonly seq: number;
  /** Of the record that was put there. */
  readonly hash: string;
  readonly at: string;
  readonly was: LedgerDocument;
}

/**
 * Puts records back that were deleted or changed in the database, out of the events topic.
 *
 * Contract:
 * 1. Only when the whole stream closes with them, from the first record to where feed, checkpoint and workflow know that it ends; else nothing is changed.
 * 2. What stood in their place is kept in `ledgerDamaged`, and the act is on record before it is done.
 * 3. Run again, or after it was killed, it finds only what is still missing.
 */
export const restoreFromTopic = async (deps: RestoreDeps, entity: string, { dryRun = false } = {}): Promise<Restoration> => {
  const { store } = deps;
  const held = await heldUnder(store, entity);
  const fed = await store.feed.find({ entity }).sort({ seq: 1 }).toArray();
  const received = await deps.copiesOf(entity);
  if (received === null) return { ok: false, why: 'topic-away' };
  const anchors = await deps.anchorsOf(entity);
  if (held.length === 0 && fed.length === 0 && anchors.length === 0) return { ok: false, why: 'no-such-entity' };
  const copies = received.map(({ body }) => toLedgerDocument(sealRecord(body)));
  const mended = mendStream(entity, { held, copies, anchors, owedSeq: fed.at(-1)?.seq ?? 0 });
  if (!mended.ok) return mended;
  const damaged = mended.stream.filter((document) => !held.some((one) => isSame(one, document)));
  if (damaged.length > 0 && !dryRun) {
    await deps.record(damaged);
    await putBack(store, held, damaged);
    await feedAgain(store, fed, damaged, received);
    await new RelayAside(store).retry(entity);
    await new Incidents(store.db).clear('ledger-unsound', entity);
  }
  return { ok: true, seq: mended.stream.length, restored: damaged.map(({ seq }) => seq) };
};

/** By its field and by its id: either may have been changed. */
const heldUnder = ({ ledger }: LedgerStore, entity: string): Promise<LedgerDocument[]> =>
  ledger.find({ $or: [{ entity }, { _id: { $gte: `${entity}:`, $lt: `${entity};` } }] }).toArray();

const isSame = (one: LedgerDocument, other: LedgerDocument): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  (Object.keys(other) as (keyof LedgerDocument)[]).every((name) => one[name] === other[name]);

const putBack = async (store: LedgerStore, held: readonly LedgerDocument[], damaged: readonly LedgerDocument[]): Promise<void> => {
  const at = toShanghaiIso(Date.now());
  for (const document of damaged) {
    const inPlace = held.filter(({ _id, entity, seq }) => _id === document._id || (entity === document.entity && seq === document.seq));
    const kept = inPlace.map((was): DamagedDocument => ({ entity: document.entity, seq: document.seq, hash: document.hash, at, was }));
    if (kept.length > 0) await store.db.collection<DamagedDocument>(store.nameOf('ledgerDamaged')).insertMany(kept);
    const others = inPlace.filter(({ _id }) => _id !== document._id).map(({ _id }) => ({ deleteOne: { filter: { _id } } }));
    await store.ledger.bulkWrite([...others, { replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true } }], {
      ordered: true,
    });
  }
};

/** A place in the feed that went with the record is as the topic's message says it was, if nobody else has it now. */
const feedAgain = (
  { feed }: LedgerStore,
  fed: readonly FeedDocument[],
  damaged: readonly LedgerDocument[],
  received: readonly ReceivedRecord[],
): Promise<void> => {
  const missing = damaged.filter(({ seq }) => !fed.some((row) => row.seq === seq));
  const rows = missing.flatMap(({ entity, seq, hash }): readonly FeedDocument[] => {
    const position = received.find((record) => record.hash === hash)?.position;
    return position === undefined || position < 1 ? [] : [{ _id: position, entity, seq }];
  });
  return insertNew(feed, rows);
};
