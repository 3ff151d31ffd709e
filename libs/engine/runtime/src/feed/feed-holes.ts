import { MongoServerError } from 'mongodb';
import type { LedgerStore } from '../ledger/ledger-store';
import type { StreamHead } from './stream-heads';

const DUPLICATE_KEY = 11000;

/** A stream of which the feed has lost places before its last. */
export interface FeedHole {
  readonly entity: string;
  /** Of the records without a place, in order. */
  readonly seqs: readonly number[];
}

/** Streams whose places in the feed do not reach from the first record to the last that is fed. Reads the whole `(entity, seq)` index of the feed once. */
export async function* feedHoles(store: LedgerStore, filter: { readonly entity?: string } = {}): AsyncGenerator<FeedHole> {
  const short = [
    { $match: filter },
    { $sort: { entity: 1, seq: 1 } },
    { $group: { _id: '$entity', seq: { $last: '$seq' }, places: { $sum: 1 } } },
    { $match: { $expr: { $ne: ['$seq', '$places'] } } },
    { $sort: { _id: 1 } },
  ];
  for await (const { _id, seq } of store.feed.aggregate<{ readonly _id: string; readonly seq: number }>(short, { allowDiskUse: true })) {
    const seqs = await unfedSeqs(store, { entity: _id, seq });
    if (seqs.length > 0) yield { entity: _id, seqs };
  }
}

const unfedSeqs = async (store: LedgerStore, { entity, seq: lastSeq }: StreamHead): Promise<readonly number[]> => {
  const fed = new Set((await store.feed.find({ entity }, { projection: { _id: 0, seq: 1 } }).toArray()).map(({ seq }) => seq));
  const held = await store.ledger
    .find({ entity, seq: { $lt: lastSeq } }, { projection: { _id: 0, seq: 1 } })
    .sort({ seq: 1 })
    .toArray();
  return held.map(({ seq }) => seq).filter((seq) => !fed.has(seq));
};

/** What came of filling the holes of one stream. `noPlace`: seqs whose place is given to another record by now. */
export interface FilledHoles {
  readonly filled: readonly { readonly seq: number; readonly position: number }[];
  readonly noPlace: readonly number[];
}

/**
 * Gives records their places in the feed again: positions that nobody has, between those of the records before and behind, so that no subscriber sees a
 * stream out of order. Which of several free positions a record had is not known; between streams the order may differ from what it was.
 */
export const fillFeedHoles = async (
  store: LedgerStore,
  { entity, seqs }: FeedHole,
  { dryRun }: { readonly dryRun: boolean },
): Promise<FilledHoles> => {
  const filled: { seq: number; position: number }[] = [];
  const noPlace: number[] = [];
  const taken = new Map((await store.feed.find({ entity }).toArray()).map(({ seq, _id }) => [seq, _id]));
  for (const seq of seqs) {
    const position = await fill(store, { entity, seq }, taken, dryRun);
    if (position === null) noPlace.push(seq);
    else filled.push({ seq, position });
  }
  return { filled, noPlace };
};

const fill = async (store: LedgerStore, { entity, seq }: StreamHead, taken: Map<number, number>, dryRun: boolean): Promise<number | null> => {
  const before = Math.max(0, ...[...taken].filter(([other]) => other < seq).map(([, position]) => position));
  const behind = Math.min(...[...taken].filter(([other]) => other > seq).map(([, position]) => position));
  for await (const position of freePositions(store, before, behind)) {
    if (!dryRun && !(await takes(store, { _id: position, entity, seq }))) continue;
    taken.set(seq, position);
    return position;
  }
  return null;
};

async function* freePositions(store: LedgerStore, before: number, behind: number): AsyncGenerator<number> {
  let next = before + 1;
  for await (const { _id } of store.feed.find({ _id: { $gt: before, $lte: behind } }, { projection: { _id: 1 } }).sort({ _id: 1 })) {
    for (; next < _id; next += 1) yield next;
    next = _id + 1;
  }
}

/** False when somebody has the position by now. */
const takes = async (store: LedgerStore, row: { readonly _id: number; readonly entity: string; readonly seq: number }): Promise<boolean> => {
  try {
    await store.feed.insertOne(row);
    return true;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return false;
    throw error;
  }
};
