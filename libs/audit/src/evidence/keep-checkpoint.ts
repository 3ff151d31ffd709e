import { readFile } from 'node:fs/promises';
import { eventTopicOf, instantMsOf, toShanghaiIso } from '@qiyue/engine';
import {
  isSignedBy,
  makeCheckpoint,
  openCheckpoint,
  readSigningKey,
  type ChainFault,
  type Checkpoint,
  type CheckpointChain,
  type Finding,
  type LedgerStore,
  type PublicKey,
  type Restart,
  type Settlement,
  type SignedCheckpoint,
  type SigningKey,
} from '@qiyue/engine-runtime';
import { AuditLog } from './audit-log';
import type { CheckpointFolder, ReadChain } from './checkpoint-folder';
import type { PublishedCheckpoint, Witness } from './kafka-witness';
import { contradictions } from './published-chain';

export interface KeepOptions {
  readonly store: LedgerStore;
  readonly folder: CheckpointFolder;
  readonly key: SigningKey;
  /** Who holds copies of both. Without one nothing is held against anything, and there is no second copy. */
  readonly witness?: Witness;
  /** Whose events are in this ledger. */
  readonly aggregates?: readonly string[];
  /** From the next one on, this key signs. */
  readonly nextKey?: PublicKey;
  /** What somebody gives up: see `lossOf`. */
  readonly settled?: Settlement;
  /** Why the chain begins anew, in an empty folder. */
  readonly restart?: string;
}

/**
 * `broken`: the folder's own chain does not hold. `chain-lost`: the folder is empty, and there were checkpoints before. `contradicts-topic`: the
 * topic has seen another chain. `findings`: the ledger is not what it was, so nothing was signed. `topic-away`: it cannot be asked what it has seen.
 */
export type Kept =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly published: boolean }
  | { readonly ok: false; readonly why: 'broken'; readonly fault: ChainFault }
  | { readonly ok: false; readonly why: 'other-key'; readonly expected: string }
  | { readonly ok: false; readonly why: 'chain-lost' | 'contradicts-topic'; readonly n: number }
  | { readonly ok: false; readonly why: 'findings'; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly why: 'topic-away' | 'not-empty' };

const ATTEMPTS = 5;
/** How far before a checkpoint its topic's copies are looked for: clocks differ, and what was sent late was written early. */
export const MARGIN_MS = 600_000;
/** So many that the topic lacks are sent again with the next one. */
const SENT_AGAIN_MAX = 50;

/** Throws what Node says of a file that holds no Ed25519 key. */
export const loadSigningKey = async (path: string): Promise<SigningKey> => readSigningKey(await readFile(path, 'utf8'));

class TopicAway extends Error {}

/** Makes the next checkpoint, keeps it in the folder, then on the topic. Two at once make two, one behind the other. */
export const keepCheckpoint = async (options: KeepOptions): Promise<Kept> => {
  try {
    for (let attempt = 1; ; attempt += 1) {
      const kept = await keepOnce(options);
      if (kept !== 'another-was-first') return kept;
      if (attempt === ATTEMPTS) throw new Error('others were always first');
    }
  } catch (error) {
    if (error instanceof TopicAway) return { ok: false, why: 'topic-away' };
    throw error;
  }
};

const keepOnce = async (options: KeepOptions): Promise<Kept | 'another-was-first'> => {
  const { folder, key, store } = options;
  const isNew = (await folder.size()) === 0;
  if (options.restart !== undefined && (!isNew || (await folder.trustedKey()) !== null)) return { ok: false, why: 'not-empty' };
  const published = await publishedSince(options, isNew);
  const last = isNew
    ? await lastKnown(
        store,
        published.filter(({ signed }) => isSignedBy(signed, key.public)),
      )
    : null;
  if (last !== null && options.restart === undefined) return { ok: false, why: 'chain-lost', n: last.n };
  if ((await folder.trustedKey()) === null) await folder.trust(key.public);
  const read = await folder.read();
  if (read === null) throw new Error('the folder has lost its key');
  const refused = refusalOf(read, published, options);
  if (refused !== null && options.restart === undefined) return refused;
  const made = await makeCheckpoint(store, read.chain, key, {
    now: toShanghaiIso(Date.now()),
    ...(options.nextKey === undefined ? {} : { nextKey: options.nextKey }),
    ...(options.settled === undefined ? {} : { settled: options.settled }),
    ...(options.restart === undefined ? {} : { restart: restartBehind(options.restart, last) }),
    lookAt: () => newOnTopic(options, read.chain),
  });
  if (!made.ok) return { ok: false, why: 'findings', findings: made.findings };
  if (!(await folder.append(made.signed))) return 'another-was-first';
  const checkpoint = openCheckpoint(made.signed);
  if (checkpoint === null) throw new Error('what was signed is no checkpoint');
  await new AuditLog(store.db).noteCheckpoint(store.namespace);
  return { ok: true, checkpoint, published: await publish(options, made.signed, checkpoint.n, published) };
};

/** Of the topic, before the folder is read: whatever was published was in the folder first. */
const publishedSince = async ({ witness, folder, store }: KeepOptions, isNew: boolean): Promise<readonly PublishedCheckpoint[]> => {
  if (witness === undefined) return [];
  const head = isNew ? null : ((await folder.read())?.chain.head ?? null);
  const published = await witness.checkpoints(store.namespace, head === null ? undefined : instantMsOf(head.time) - MARGIN_MS);
  if (published === null) throw new TopicAway();
  return published;
};

/** The last checkpoint that anybody knows of; `hash` is null when only the database remembers that there was one. */
const lastKnown = async (
  store: LedgerStore,
  published: readonly PublishedCheckpoint[],
): Promise<{ readonly n: number; readonly hash: string | null } | null> => {
  const last = published.at(-1);
  if (last !== undefined) return last;
  const { checkpointAt } = await new AuditLog(store.db).times([store.namespace]);
  return checkpointAt === null ? null : { n: 0, hash: null };
};

const restartBehind = (why: string, last: { readonly n: number; readonly hash: string | null } | null): Restart => ({
  why,
  after: last === null || last.hash === null ? null : { n: last.n, hash: last.hash },
});

const refusalOf = (
  { chain, fault }: ReadChain,
  published: readonly PublishedCheckpoint[],
  { key, settled }: KeepOptions,
): Extract<Kept, { ok: false }> | null => {
  if (fault !== null) return { ok: false, why: 'broken', fault };
  if (chain.nextKey.keyId !== key.public.keyId) return { ok: false, why: 'other-key', expected: chain.nextKey.keyId };
  // What a stranger's key signed holds nothing up: it is found by the verification.
  const given = new Set((settled?.checkpoints ?? []).map(({ hash }) => hash));
  const contradicted = contradictions(chain, published).find(({ why, hash }) => why !== 'foreign' && !given.has(hash));
  return contradicted === undefined ? null : { ok: false, why: 'contradicts-topic', n: contradicted.n };
};

/** What is signed for the first time is held against the events topic, which may know it otherwise. */
const newOnTopic = async ({ witness, store, settled, aggregates }: KeepOptions, chain: CheckpointChain): Promise<readonly Finding[]> => {
  if (witness === undefined || aggregates === undefined) return [];
  const given = new Set((settled?.lost ?? []).map(({ entity, seq, hash }) => `${entity}:${seq}:${hash}`));
  const compared = await witness.compare(store, {
    topics: aggregates.map(eventTopicOf),
    ...(chain.head === null ? {} : { fromMs: instantMsOf(chain.head.time) - MARGIN_MS }),
    isSettled: (copy) => chain.isSettled(copy) || given.has(`${copy.entity}:${copy.seq}:${copy.hash}`),
  });
  if (compared === null) throw new TopicAway();
  return compared.findings.filter(({ kind }) => kind !== 'unpublished'); // a hole of the topic is no fault of the ledger
};

const publish = async (
  { witness, store, folder }: KeepOptions,
  signed: SignedCheckpoint,
  n: number,
  published: readonly PublishedCheckpoint[],
): Promise<boolean> => {
  if (witness === undefined) return false;
  const late: SignedCheckpoint[] = [];
  const from = Math.max(...published.map((checkpoint) => checkpoint.n), 0) + 1;
  for (let missing = Math.max(from, n - SENT_AGAIN_MAX); missing < n; missing += 1) {
    const found = await folder.find(missing);
    if (found !== null) late.push(found);
  }
  return witness.publish(store.namespace, [...late, signed]);
};
