import { eventTopicOf, instantMsOf, toShanghaiIso } from '@qiyue/engine';
import {
  Incidents,
  verifyLedger,
  verifySince,
  type Checkpoint,
  type Finding,
  type LedgerStore,
  type Verification,
  type MaySayNothing,
} from '@qiyue/engine-runtime';
import { AuditLog } from './audit-log';
import type { CheckpointFolder, ReadChain } from './checkpoint-folder';
import { MARGIN_MS } from './keep-checkpoint';
import type { Compared, PublishedCheckpoint, Witness } from './kafka-witness';
import { contradictionFindings, contradictions } from './published-chain';

/** One of the two ledgers, with all that knows about it. */
export interface Witnessed {
  readonly store: LedgerStore;
  readonly folder: CheckpointFolder;
  /** Whose events are in it. */
  readonly aggregates: readonly string[];
  /** Commands that may have been accepted without a record. Left out: there are no commands. */
  readonly maySayNothing?: MaySayNothing;
}

export interface EvidenceOptions {
  readonly entity?: string;
  /** A checkpoint: what it covers is taken on its word. */
  readonly from?: ReadChain;
  /** `new`: what came onto the events topics since the last checkpoint. Left out: nothing is compared. */
  readonly topics?: 'whole' | 'new';
  readonly onProgress?: (records: number) => void;
}

export interface EvidenceResult extends Verification {
  readonly read: ReadChain | null;
  /** Null: there was nothing to compare with, or it did not answer. */
  readonly compared: Compared | null;
  /** A witness was to be asked and did not answer: what was found is not all that is to be found. */
  readonly isPartial: boolean;
}

/**
 * All that is held against a ledger, by hand and at night: its own links, the checkpoints that were signed over it, what the topic knows of those, and
 * the copies of its records on the events topics.
 */
export const verifyEvidence = async (ledger: Witnessed, witness: Witness | null, options: EvidenceOptions = {}): Promise<EvidenceResult> => {
  const { store, folder } = ledger;
  const published = options.topics === undefined || witness === null ? null : await witness.checkpoints(store.namespace);
  const read = await folder.read(); // behind the topic: whatever is published was in the folder first
  const walked = await walk(ledger, read, options);
  const compared = options.topics === undefined || witness === null ? null : await compare(ledger, witness, read, options);
  const findings = [...(await chainFindings(ledger, read, published)), ...walked.findings, ...(compared?.findings ?? [])];
  const isPartial = options.topics !== undefined && witness !== null && (published === null || compared === null);
  return { ...walked, ok: findings.length === 0, findings, read, compared, isPartial };
};

const walk = ({ store, maySayNothing }: Witnessed, read: ReadChain | null, { entity, from, onProgress }: EvidenceOptions): Promise<Verification> => {
  const which = { ...(entity === undefined ? {} : { entity }), ...(read === null ? {} : { ends: read.chain.ends }) };
  if (from !== undefined) return verifySince(store, { ends: from.chain.ends }, { ...which, ...(read === null ? {} : { chain: read.chain }) });
  const outcomes = maySayNothing === undefined ? {} : { outcomes: { maySayNothing } };
  return verifyLedger(store, { ...which, ...outcomes, ...(onProgress === undefined ? {} : { onProgress }) });
};

/** What a checkpoint does not cover came after it; without any, everything is new. */
const compare = ({ store, aggregates }: Witnessed, witness: Witness, read: ReadChain | null, { entity, topics }: EvidenceOptions) => {
  const head: Checkpoint | null = read?.chain.head ?? null;
  return witness.compare(store, {
    topics: aggregates.map(eventTopicOf),
    ...(entity === undefined ? {} : { entity }),
    ...(topics === 'whole' || head === null ? {} : { fromMs: instantMsOf(head.time) - MARGIN_MS }),
    isSettled: (copy) => read?.chain.isSettled(copy) === true,
  });
};

const chainFindings = async (
  { store }: Witnessed,
  read: ReadChain | null,
  published: readonly PublishedCheckpoint[] | null,
): Promise<readonly Finding[]> => {
  const of = (n: number, detail: string): Finding => ({ stream: 'checkpoint', seq: n, kind: 'checkpoint', detail });
  if (read !== null && read.n > 0) {
    const broken = read.fault === null ? [] : [of(read.fault.n, `the checkpoints hold no further: ${read.fault.why}`)];
    // Behind a fault the chain knows less than the folder does, and the topic would contradict all of it.
    return broken.length > 0 ? broken : contradictionFindings(contradictions(read.chain, published ?? []));
  }
  const last = published?.at(-1)?.n ?? null;
  if (last !== null) return [of(last, 'the folder is empty, and the topic has checkpoints')];
  const { checkpointAt } = await new AuditLog(store.db).times([store.namespace]);
  return checkpointAt === null ? [] : [of(1, 'the folder is empty, and there were checkpoints before')];
};

/** What two ledgers came to; one place is named once, by the first witness. */
export const findingsOf = (results: readonly EvidenceResult[]): readonly Finding[] => {
  const all = results.flatMap(({ findings }) => findings);
  return [...new Map([...all].reverse().map((finding) => [`${finding.stream} ${finding.seq} ${finding.kind}`, finding])).values()].reverse();
};

/** `more`: what was found beside the ledgers themselves. */
export const noteVerification = (
  store: Pick<LedgerStore, 'db'>,
  results: readonly EvidenceResult[],
  more: readonly Finding[] = [],
): Promise<void> => {
  const findings = [...findingsOf(results), ...more];
  const records = results.reduce((sum, result) => sum + result.records, 0);
  const checkpoint = results[0]?.read?.chain.head?.n ?? null;
  return new AuditLog(store.db).note({ at: toShanghaiIso(Date.now()), ok: findings.length === 0, records, checkpoint, findings });
};

/** What the records themselves show. What a topic says otherwise is no damage of the ledger: somebody else may have written there. */
const OF_THE_LEDGER: ReadonlySet<Finding['kind']> = new Set(['gap', 'link', 'hash', 'copy', 'malformed']);
/** So many entities are enough to know that it is not one entity's fault. */
const NOTED_MAX = 100;

/**
 * Names the entities that do not fit where the operator looks, and takes back those that an earlier look named and this one, held against the topic as
 * well, does not.
 */
export const noteUnsoundEntities = async (
  store: LedgerStore,
  { findings, compared }: EvidenceResult,
  { entity, from }: EvidenceOptions,
): Promise<void> => {
  // A hole of the topic is no fault of the ledger, and is shown by itself.
  const fed = await Promise.all(findings.map((finding) => isFed(store, finding)));
  const ofLedger = findings.filter(({ kind }, i) => OF_THE_LEDGER.has(kind) || fed[i] === true);
  const found = new Map(ofLedger.map((finding) => [finding.stream, finding]));
  for (const finding of [...found.values()].slice(0, NOTED_MAX)) await store.noteUnsound(finding);
  if (from !== undefined || compared === null) return;
  const incidents = new Incidents(store.db);
  for (const { subject } of await incidents.list('ledger-unsound', NOTED_MAX)) {
    if (!found.has(subject) && (entity === undefined || entity === subject)) await incidents.clear('ledger-unsound', subject);
  }
};

/** A record that is gone and once had its place in the feed is missing; one that never had is somebody else's word on the topic. */
const isFed = async ({ feed }: LedgerStore, { stream: entity, seq, kind }: Finding): Promise<boolean> =>
  kind === 'missing' && (await feed.findOne({ entity, seq })) !== null;
