import { CheckpointChain, type ChainFault, type PublicKey } from '@qiyue/engine-runtime';
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
  const published = await witness.checkpoints(store.apart);
  if (published === null) return { ok: false, why: 'topic-away' };
  const key = (await folder.trustedKey()) ?? trusted;
  const read = await folder.read();
  if (read !== null && read.fault !== null && read.fault.why !== 'missing') return { ok: false, why: 'not-ours', fault: read.fault };
  const chain = new CheckpointChain(key);
  for (let n = 1; n <= (read?.n ?? 0) && chain.head?.n !== read?.chain.head?.n; n += 1) {
    const signed = await folder.find(n);
    if (signed !== null) chain.take(signed);
  }
  const last = Math.max(...published.map(({ n }) => n), 0);
  if (last === 0) return { ok: false, why: 'nothing-there' };
  let added = 0;
  for (let n = (chain.head?.n ?? 0) + 1; n <= last; n += 1) {
    const next = nextOf(published, n, chain.headHash);
    if (next?.signed === undefined || next.signed === null) return { ok: false, why: 'incomplete', n };
    const fault = chain.take(next.signed);
    if (fault !== null) return { ok: false, why: 'not-ours', fault };
    if ((await folder.trustedKey()) === null) await folder.trust(key);
    if (await folder.append(next.signed)) added += 1;
  }
  return { ok: true, n: chain.head?.n ?? 0, added };
};

const nextOf = (published: readonly PublishedCheckpoint[], n: number, prev: string): PublishedCheckpoint | undefined =>
  published.find((checkpoint) => checkpoint.n === n && checkpoint.prev === prev);
