import type { CheckpointChain, Finding } from '@qiyue/engine-runtime';
import type { PublishedCheckpoint } from './kafka-witness';

/** How a checkpoint on the topic contradicts the folder. `foreign`: it names a key that is none of this chain. */
export interface Contradiction {
  readonly n: number;
  readonly why: 'gone-from-folder' | 'another' | 'foreign';
  readonly hash: string;
}

/**
 * Holds the folder's chain against what its topic has seen. Pure. What the folder has and the topic lacks is only late; what the topic has
 * and the folder lacks was taken away, unless somebody gave it up, or began the chain anew behind it. What names a key of the chain and is not
 * signed by it, anybody may have written: it says nothing.
 */
export const contradictions = (chain: CheckpointChain, published: readonly PublishedCheckpoint[]): readonly Contradiction[] => {
  const before = chainBefore(chain, published);
  const reach = chain.head?.n ?? 0;
  return published.flatMap(({ n, hash, keyId, signed }): readonly Contradiction[] => {
    if (chain.hashOf(n) === hash || chain.isSettledCheckpoint(hash) || before.has(hash)) return [];
    if (!chain.isOwnKey(keyId)) return [{ n, why: 'foreign', hash }];
    if (!chain.isSignedHere(signed)) return [];
    return [{ n, why: n > reach ? 'gone-from-folder' : 'another', hash }];
  });
};

/** Hashes of the chain that this one began anew behind, from its last back to its first. */
const chainBefore = ({ restart }: CheckpointChain, published: readonly PublishedCheckpoint[]): ReadonlySet<string> => {
  const byHash = new Map(published.map((checkpoint) => [checkpoint.hash, checkpoint]));
  const before = new Set<string>();
  for (let hash = restart?.after?.hash ?? null; hash !== null && !before.has(hash); hash = byHash.get(hash)?.prev ?? null) before.add(hash);
  return before;
};

const WORDS: Readonly<Record<Contradiction['why'], string>> = {
  'gone-from-folder': 'the topic has a checkpoint with this number, and the folder has none',
  another: 'the topic has another checkpoint with this number',
  foreign: 'the topic has a checkpoint with this number that is signed by a key which is none of the chain',
};

export const contradictionFindings = (found: readonly Contradiction[]): readonly Finding[] =>
  found.map(({ n, why }) => ({ stream: 'checkpoint', seq: n, kind: 'checkpoint', detail: WORDS[why] }));
