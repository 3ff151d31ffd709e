import { sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson, FIRST_SUITE } from '@qiyue/engine';
import { streamOf } from '../testing/streams';
import {
  newSigningKey,
  openCheckpoint,
  readSigningKey,
  signCheckpoint,
  writeSigningKey,
  type Checkpoint,
  type SignedCheckpoint,
  type SigningKey,
  type StreamEnd,
} from './checkpoint';
import { CheckpointChain } from './checkpoint-chain';
import { StreamEnds } from './stream-ends';

const NOW = '2024-07-01T08:00:00.000+08:00';
const key = newSigningKey();
const endOf = (entity: string, seq: number): StreamEnd => ({ entity, seq, hash: streamOf(entity, seq).at(-1)?.hash ?? '' });

/** The next checkpoint of a chain, over ends that are new. */
const next = (chain: CheckpointChain, changed: readonly StreamEnd[], by: SigningKey = key, more: Partial<Checkpoint> = {}): SignedCheckpoint => {
  const ends = new StreamEnds();
  ends.take(chain.ends.inOrder());
  ends.take(changed);
  const records = ends.inOrder().reduce((sum, { seq }) => sum + seq, 0);
  const body = {
    n: (chain.head?.n ?? 0) + 1,
    time: NOW,
    prev: chain.headHash,
    position: records,
    records,
    streams: ends.size,
    root: ends.root(),
    changed: [...changed],
  };
  return signCheckpoint({ ...body, ...more }, by);
};
const started = (): { chain: CheckpointChain; first: SignedCheckpoint } => {
  const chain = new CheckpointChain(key.public);
  const first = next(chain, [endOf('a', 3), endOf('b', 1)]);
  expect(chain.take(first)).toBeNull();
  return { chain, first };
};

describe('a chain of checkpoints', () => {
  it('holds from one to the next, and knows the end of every stream', () => {
    const { chain } = started();
    expect(chain.take(next(chain, [endOf('b', 4), endOf('c', 2)]))).toBeNull();
    expect(chain.ends.inOrder()).toEqual([endOf('a', 3), endOf('b', 4), endOf('c', 2)]);
    expect([chain.head?.n, chain.head?.records, chain.fault()]).toEqual([2, 9, null]);
  });

  it.each<[string, string, (chain: CheckpointChain) => unknown]>([
    ['another number', 'out-of-order', (chain) => next(chain, [], key, { n: 3 })],
    ['another predecessor', 'not-linked', (chain) => next(chain, [], key, { prev: 'f'.repeat(64) })],
    ['another key', 'bad-signature', (chain) => next(chain, [], newSigningKey())],
    ['a changed body', 'bad-signature', (chain) => changed(next(chain, []), { position: 1 })],
    ['a body that is not canonical', 'malformed', (chain) => ({ ...next(chain, []), canonical: ` ${next(chain, []).canonical}` })],
    ['something else', 'malformed', () => ({ canonical: '{}', signature: 'x' })],
  ])('ends before one with %s', (_, why, made) => {
    const { chain } = started();
    expect(chain.take(made(chain) as SignedCheckpoint)).toMatchObject({ why });
    expect([chain.head?.n, chain.ends.size]).toEqual([1, 2]);
  });

  const changed = (signed: SignedCheckpoint, changes: object): SignedCheckpoint => ({
    ...signed,
    canonical: canonicalJson({ ...(JSON.parse(signed.canonical) as object), ...changes }),
  });

  it.each<[string, readonly StreamEnd[], Partial<Checkpoint>]>([
    ['sets an end back', [endOf('a', 2)], {}],
    ['makes another record of an end', [{ ...endOf('a', 3), hash: 'f'.repeat(64) }], {}],
    ['covers less of the feed', [], { position: 1 }],
    ['begins anew where something is already', [], { restart: { why: 'w', after: null } }],
    ['gives up another record than the one it sets back', [endOf('a', 2)], { settled: { why: 'w', lost: [endOf('b', 1)], checkpoints: [] } }],
  ])('ends before one that %s', (_, changed, more) => {
    const { chain } = started();
    expect(chain.take(next(chain, changed, key, more))).toEqual({ n: 2, why: 'contradicts-head' });
    expect(chain.ends.inOrder()).toEqual([endOf('a', 3), endOf('b', 1)]);
  });

  it('goes on with an end that was set back once somebody has given up what was lost, and knows what that was', () => {
    const { chain } = started();
    const ends = new StreamEnds();
    ends.take([endOf('a', 2)]);
    const settled = { why: 'the disk of the second of July', lost: [endOf('a', 3), endOf('b', 1)], checkpoints: [] };
    expect(chain.take(next(chain, [endOf('a', 2)], key, { settled, position: 2, records: 2, streams: 1, root: ends.root() }))).toBeNull();
    expect([chain.fault(), chain.ends.inOrder()]).toEqual([null, [endOf('a', 2)]]);
    expect([chain.isSettled(endOf('b', 1)), chain.isSettled(endOf('a', 2))]).toEqual([true, false]);
  });

  it('takes checkpoints from before suites had names, and holds no further than one whose suite it does not know', () => {
    const { chain, first } = started();
    expect(openCheckpoint(first)).toMatchObject({ suite: FIRST_SUITE });
    const { suite: _, ...nameless } = JSON.parse(next(chain, []).canonical) as Checkpoint;
    expect(chain.take(signed(nameless))).toBeNull();
    expect(chain.take(signed({ ...(JSON.parse(next(chain, []).canonical) as Checkpoint), suite: 'sm-1' }))).toEqual({ n: 3, why: 'unknown-suite' });
  });
  const signed = (body: object): SignedCheckpoint => {
    const canonical = canonicalJson(body);
    return { canonical, signature: sign(null, Buffer.from(canonical, 'utf8'), key.privateKey).toString('base64url') };
  };

  it('says so when a root is not that of its ends, though it is signed', () => {
    const { chain } = started();
    expect(chain.take(next(chain, [endOf('b', 2)], key, { root: 'a'.repeat(64) }))).toBeNull();
    expect(chain.fault()).toEqual({ n: 2, why: 'wrong-root' });
  });

  it('goes on under the key that it was handed over to, and under no other', () => {
    const { chain } = started();
    const second = newSigningKey();
    expect(chain.take(next(chain, [], key, { nextKey: second.public }))).toBeNull();
    expect(chain.take(next(chain, [endOf('a', 4)]))).toMatchObject({ why: 'bad-signature' });
    expect(chain.take(next(chain, [endOf('a', 4)], second))).toBeNull();
    expect(chain.nextKey).toEqual(second.public);
  });

  it('starts with the key that the reader trusts', () => {
    const chain = new CheckpointChain(newSigningKey().public);
    expect(chain.take(started().first)).toMatchObject({ n: 1, why: 'bad-signature' });
  });
});

describe('a signing key', () => {
  it('is kept as PEM and read back; another kind is refused', () => {
    expect(readSigningKey(writeSigningKey(key)).public).toEqual(key.public);
    expect(() => readSigningKey('no key')).toThrow();
  });

  it('signs what it is named in', () => {
    expect(openCheckpoint(started().first)).toMatchObject({ v: 1, keyId: key.public.keyId });
  });
});
