import { eventTopicOf } from '@qiyue/engine';
import { contradictedEnds, type Settlement, type StreamEnd } from '@qiyue/engine-runtime';
import type { Witness } from './kafka-witness';
import { contradictions } from './published-chain';
import type { Witnessed } from './verify-evidence';

/** `no-chain`: the folder is empty, and the topic has checkpoints. `too-many`: more than one settlement takes; the way back is a newer copy of the database. */
export type Loss =
  | { readonly ok: true; readonly lost: Settlement['lost']; readonly checkpoints: Settlement['checkpoints'] }
  | { readonly ok: false; readonly why: 'no-chain' | 'broken' | 'topic-away' | 'too-many' };

const LOST_MAX = 20_000;

/**
 * What others hold of a ledger and the ledger does not: ends that were signed, records on the events topics, checkpoints on their topic that the folder
 * lacks; before there was any checkpoint what somebody else wrote onto the events topics. After the restore of an older copy this is what was lost with it; whoever gives it up has it signed into the next checkpoint.
 */
export const lossOf = async ({ store, folder, aggregates }: Witnessed, witness: Witness): Promise<Loss> => {
  const published = await witness.checkpoints(store.namespace);
  if (published === null) return { ok: false, why: 'topic-away' };
  const read = await folder.read();
  const chain = read === null || read.chain.head === null ? null : read.chain;
  if (chain === null && published.length > 0) return { ok: false, why: 'no-chain' };
  if (read !== null && read.fault !== null) return { ok: false, why: 'broken' };
  const ends = chain === null ? [] : (await contradictedEnds(store, chain.ends)).map(({ end }) => end);
  const compared = await witness.compare(store, { topics: aggregates.map(eventTopicOf), isSettled: (copy) => chain?.isSettled(copy) === true });
  if (compared === null) return { ok: false, why: 'topic-away' };
  const lost = withoutRepeats([...ends, ...compared.differing]);
  if (lost.length > LOST_MAX) return { ok: false, why: 'too-many' };
  return { ok: true, lost: [...lost], checkpoints: chain === null ? [] : contradictions(chain, published).map(({ n, hash }) => ({ n, hash })) };
};

const withoutRepeats = (all: readonly StreamEnd[]): readonly StreamEnd[] =>
  [...new Map(all.map((end) => [`${end.entity}:${end.seq}:${end.hash}`, { entity: end.entity, seq: end.seq, hash: end.hash }])).values()].sort(
    (a, b) => (a.entity === b.entity ? a.seq - b.seq : a.entity < b.entity ? -1 : 1),
  );
