import { feedHoles, type FeedHole } from '../feed/feed-holes';
import { streamHeads, type StreamHead } from '../feed/stream-heads';
import type { StreamEnds } from '../evidence/stream-ends';
import type { LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { batchesAhead } from './batches-ahead';
import { OutcomeWalk, type OutcomeOptions } from './verify-outcomes';
import { verifyRecord, type Finding } from './verify-record';

const FINDINGS_MAX = 1_000;
const PROGRESS_EVERY = 10_000;
const BATCH = 1_000;
/** So many streams may be walked before it is known how far they should reach: the server gathers that meanwhile. */
const STREAMS_AHEAD = 20_000;

/** What a walk through the ledger has found. */
export interface Verification {
  readonly ok: boolean;
  readonly records: number;
  readonly streams: number;
  /** At most 1,000; `ok` is false all the same beyond. */
  readonly findings: readonly Finding[];
}

/** What the walk looks at. */
export interface VerifyOptions {
  readonly entity?: string;
  /** What checkpoints have seen: each stream has to hold the record that was its end then. */
  readonly ends?: StreamEnds;
  /** Holds the rows of commands against the records as well. Left out: nobody looks at them. */
  readonly outcomes?: Omit<OutcomeOptions, 'entity'>;
  /** Told every 10,000 records. */
  readonly onProgress?: (records: number) => void;
}

/**
 * Walks all streams, or one, in order of entity and seq: every seq there, every link holding, every byte as hashed, every
 * copy true. With `outcomes` also every accepted command. A stream that is shorter than the feed knows has lost its end; one of which the feed knows the end
 * and not all before it has lost places there. Memory does not grow with the ledger.
 */
export const verifyLedger = async (store: LedgerStore, { entity, ends, outcomes, onProgress }: VerifyOptions = {}): Promise<Verification> => {
  const filter = entity === undefined ? {} : { entity };
  const findings: Finding[] = [];
  const owed = [
    new OwedRecords(streamHeads(store.feed, filter), 'the feed has seen'),
    new OwedRecords(endsIn(ends, entity), 'a checkpoint has seen'),
  ];
  const owedUpTo = async (stream: string | null, seq: number): Promise<void> => {
    const missing: Finding[] = [];
    for (const expected of owed) missing.push(...(await expected.upTo(stream, seq)));
    findings.push(...missing.filter((one, i) => missing.findIndex((other) => other.stream === one.stream && other.seq === one.seq) === i));
  };
  let walked: StreamHead[] = [];
  const settle = async (): Promise<void> => {
    for (const { entity: stream, seq } of walked) await owedUpTo(stream, seq);
    walked = [];
  };
  const commands = outcomes === undefined ? null : new OutcomeWalk(store, { ...filter, ...outcomes });
  let [records, streams] = [0, 0];
  // After a finding the walk goes on from what is stored, so that one fault is not reported for every record behind it.
  let at: LedgerDocument | null = null;
  for await (const batch of batchesAhead(store.ledger.find(filter).sort({ entity: 1, seq: 1 }).batchSize(BATCH))) {
    for (const document of batch) {
      records += 1;
      if (!isPlaced(document)) {
        if (findings.length < FINDINGS_MAX) findings.push(displaced(document));
        continue;
      }
      if (at?.entity !== document.entity) {
        streams += 1;
        if (at !== null) walked.push({ entity: at.entity, seq: at.seq });
        if (walked.length >= STREAMS_AHEAD) await settle();
        await commands?.settle();
      }
      if (findings.length < FINDINGS_MAX) {
        findings.push(...verifyRecord(document, at?.entity === document.entity ? at : null), ...rewritten(document, ends));
      }
      commands?.take(document);
      at = document;
      if (records % PROGRESS_EVERY === 0) onProgress?.(records);
    }
  }
  if (at !== null) walked.push({ entity: at.entity, seq: at.seq });
  await settle();
  await owedUpTo(null, 0);
  findings.push(...((await commands?.finish()) ?? []));
  for await (const hole of feedHoles(store, filter)) if (findings.length < FINDINGS_MAX) findings.push(...unfed(hole));
  return { ok: findings.length === 0, records, streams, findings: findings.toSorted(byPlace).slice(0, FINDINGS_MAX) };
};

const byPlace = (a: Finding, b: Finding): number => (a.stream === b.stream ? a.seq - b.seq : a.stream < b.stream ? -1 : 1);

const unfed = ({ entity, seqs }: FeedHole): readonly Finding[] =>
  seqs.map((seq) => ({ stream: entity, seq, kind: 'unfed', detail: 'the feed has lost its place: who subscribes from before does not see it' }));

/** Whatever was written beside the append may stand among the records, and in no stream. */
const isPlaced = ({ entity, seq }: { readonly entity: unknown; readonly seq: unknown }): boolean =>
  typeof entity === 'string' && Number.isSafeInteger(seq);

const displaced = ({ _id, entity, seq }: LedgerDocument): Finding => ({
  stream: typeof entity === 'string' ? entity : String(_id),
  seq: Number.isSafeInteger(seq) ? seq : 0,
  kind: 'malformed',
  detail: 'the stored document is no record: it has no place in a stream',
});

/** How far each stream must reach by somebody else's word, walked beside the ledger in the same order of streams. */
class OwedRecords {
  private next: Promise<IteratorResult<StreamHead>> | null;

  constructor(
    private readonly heads: AsyncIterator<StreamHead>,
    private readonly whoSaw: string,
  ) {
    this.next = heads.next();
    this.next.catch(() => undefined); // met when it is awaited
  }

  /** What is missing of all streams up to this one, which reaches `seq`; of all that are left for null. */
  async upTo(entity: string | null, seq: number): Promise<readonly Finding[]> {
    const missing: Finding[] = [];
    for (;;) {
      this.next ??= this.heads.next();
      const head = await this.next;
      if (head.done === true || (entity !== null && head.value.entity > entity)) return missing;
      this.next = null;
      const { entity: stream, seq: owedSeq } = head.value;
      const reached = stream === entity ? seq : 0;
      if (owedSeq > reached) missing.push({ stream, seq: reached + 1, kind: 'missing', detail: `${this.whoSaw} ${owedSeq} records of it` });
    }
  }
}

async function* endsIn(ends: StreamEnds | undefined, entity: string | undefined): AsyncGenerator<StreamHead> {
  for (const end of ends?.inOrder() ?? []) if (entity === undefined || end.entity === entity) yield end;
}

const rewritten = ({ entity, seq, hash }: LedgerDocument, ends: StreamEnds | undefined): readonly Finding[] => {
  const end = ends?.of(entity);
  if (end === undefined || end.seq !== seq || end.hash === hash) return [];
  return [{ stream: entity, seq, kind: 'rewritten', detail: 'the record is not the one that a checkpoint has seen' }];
};
