import { describe, expect, it } from '@jest/globals';
import type { LedgerDocument } from '../ledger/documents';
import { streamOf } from '../testing/streams';
import { newSigningKey, signCheckpoint, FIRST_PREV } from './checkpoint';
import { evidenceBundleOf, verifyBundle, type Bundle, type Sealed } from './bundle';
import { StreamEnds, type EndProof } from './stream-ends';

const key = newSigningKey();
const STREAM = streamOf('b', 6);

/** A checkpoint over three streams that has seen so many records of ours. */
const sealedAt = (stream: readonly LedgerDocument[], seq: number, by = key): Sealed => {
  const ends = new StreamEnds();
  const seen = [streamOf('a', 3).at(-1), stream[seq - 1], streamOf('c', 1).at(-1)] as LedgerDocument[];
  ends.take(seen.map(({ entity, seq: last, hash }) => ({ entity, seq: last, hash })));
  const changed = [...ends.inOrder()];
  const body = { n: 1, time: '2024-07-01T08:00:00.000+08:00', prev: FIRST_PREV, position: 9, records: 9, streams: 3, root: ends.root(), changed };
  return { proof: ends.proofOf('b') as EndProof, checkpoint: signCheckpoint(body, by), key: by.public };
};
const good = evidenceBundleOf('b', STREAM, sealedAt(STREAM, 5));
const asFile = (bundle: Bundle, changes: Partial<Bundle> = {}): unknown => JSON.parse(JSON.stringify({ ...bundle, ...changes }));

describe('a bundle of evidence', () => {
  it('proves its records up to the checkpoint; those behind are linked to them', () => {
    expect(verifyBundle(asFile(good), key.public.keyId)).toEqual({
      ...{ ok: true, entity: 'b', records: 6, coveredRecords: 5, findings: [] },
      checkpoint: { n: 1, time: '2024-07-01T08:00:00.000+08:00', keyId: key.public.keyId },
    });
  });

  it('without a checkpoint proves the links only, and nothing to someone who asks for a key', () => {
    const bare = asFile(evidenceBundleOf('b', STREAM, null));
    expect(verifyBundle(bare)).toMatchObject({ ok: true, coveredRecords: 0, checkpoint: null });
    expect(verifyBundle(bare, key.public.keyId)).toMatchObject({ ok: false });
  });

  const another = newSigningKey();
  const rewritten = [...STREAM.slice(0, 2), ...relinked()];
  function relinked(): readonly LedgerDocument[] {
    return streamOf('b', 6, 'another story').slice(2);
  }
  const forged = streamOf('b', 6, 'another story');
  it.each<[string, Partial<Bundle>, object]>([
    [
      'a changed byte',
      { records: STREAM.map(({ canonical }, i) => (i === 2 ? canonical.replace('"note":""', '"note":"x"') : canonical)) },
      { seq: 3, kind: 'rewritten' },
    ],
    ['a record left out', { records: STREAM.filter((_, i) => i !== 2).map(({ canonical }) => canonical) }, { seq: 5, kind: 'rewritten' }],
    ['the end cut off', { records: STREAM.slice(0, 3).map(({ canonical }) => canonical) }, { seq: 4, kind: 'missing' }],
    ['a history written anew, link by link', { records: forged.map(({ canonical }) => canonical) }, { seq: 5, kind: 'rewritten' }],
    ['a half of another history', { records: rewritten.map(({ canonical }) => canonical) }, { seq: 5, kind: 'rewritten' }],
    ['bytes that are no record', { records: ['{}'] }, { seq: 2, kind: 'missing' }],
    ['the records of another stream', { records: streamOf('c', 6).map(({ canonical }) => canonical) }, { seq: 5, kind: 'rewritten' }],
    ['a checkpoint signed by somebody else', { checkpoint: sealedAt(STREAM, 5, another).checkpoint }, { kind: 'checkpoint' }],
    ['another key beside it', { key: another.public }, { kind: 'checkpoint' }],
    ['a forged history with a checkpoint of the forger’s', asForged(), { kind: 'checkpoint' }],
    [
      'a path to another root',
      { proof: { ...sealedAt(forged, 5).proof, path: [...sealedAt(forged, 5).proof.path] } as Bundle['proof'] },
      { kind: 'checkpoint' },
    ],
  ])('does not hold with %s, and says where', (_, changes, finding) => {
    const verdict = verifyBundle(asFile(good, changes), key.public.keyId);
    expect(verdict).toMatchObject({ ok: false, coveredRecords: 0 });
    expect(verdict?.findings[0]).toMatchObject(finding);
  });
  function asForged(): Partial<Bundle> {
    return evidenceBundleOf('b', forged, sealedAt(forged, 5, another));
  }

  it.each([null, {}, [], 'x', { ...good, format: 'other' }, { ...good, more: 1 }])('is nothing else: %#', (value) => {
    expect(verifyBundle(value)).toBeNull();
  });
});
