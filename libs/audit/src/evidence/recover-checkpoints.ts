import { CheckpointChain, type ChainFault, type PublicKey, type SignedCheckpoint } from '@qiyue/engine-runtime';
import type { PublishedCheckpoint, Witness } from './kafka-witness';
import type { Witnessed } from './verify-evidence';

/** `incomplete`: the topic does not have all of them whole, up to the last that it knows of. `not-ours`: they hold only so far under the key that is trusted. */
export type Recovered =
  | { readonly ok: true; readonly n: number; readonly added: number }
  | { readonly ok: false; readonly why: 'topic-away' | 'nothing-there' }
  | { readonly ok: false; readonly why: 'incomplete'; readonly n: number }
  | { readonly ok: false; readonly why: 'not-ours'; readonly fault: ChainFault };

/**
 * Puts checkpoints that the folder has lost back from their topic, from the first one on or behind those that it still has. The key that the first one
 * must be signed by is the folder's own, or the one that is given: nothing on the topic is trusted for being there.
 */
export const recoverCheckpoints = async (
  { store, folder }: Pick<Witnessed, 'store' | 'folder'>,
  witness: Witness,
  trusted: PublicKey,
): Promise<Recovered> => {
  const published = await witness.checkpoints(store.namespace);
  if (published === null) return { ok: false, why: 'topic-away' };
  const key = (await folder.trustedKey()) ?? trusted;
  const read = await folder.read();
  if (read !== null && read.fault !== null && read.fault.why !== 'missing') return { ok: false, why: 'not-ours', fault: read.fault };
  const chain = new CheckpointChain(key);
  for (let n = 1; n <= (read?.n ?? 0) && chain.head?.n !== read?.chain.head?.n; n += 1) {
    const signed = await folder.find(n);
    if (signed !== null) chain.take(signed);
  }
  if (published.length === 0) return { ok: false, why: 'nothing-there' };
  let added = 0;
  for (let n = (chain.head?.n ?? 0) + 1; ; n += 1) {
    const taken = takeNext(chain, published, n);
    if (taken === null) break;
    if ('fault' in taken) return { ok: false, why: 'not-ours', fault: taken.fault };
    if ((await folder.trustedKey()) === null) await folder.trust(key);
    if (await folder.append(taken.signed)) added += 1;
  }
  const n = chain.head?.n ?? 0;
  const isCut = published.some((later) => later.n > n && chain.isSignedHere(later.signed));
  return isCut ? { ok: false, why: 'incomplete', n: n + 1 } : { ok: true, n, added };
};

/** Of several with its number, the one that the chain holds with; null when there is none. Who may write to the topic may write beside it. */
const takeNext = (
  chain: CheckpointChain,
  published: readonly PublishedCheckpoint[],
  n: number,
): { readonly signed: SignedCheckpoint } | { readonly fault: ChainFault } | null => {
  let fault: ChainFault | null = null;
  for (const { signed } of published.filter((checkpoint) => checkpoint.n === n && checkpoint.prev === chain.headHash)) {
    fault = chain.take(signed);
    if (fault === null) return { signed };
  }
  return fault && { fault };
};
