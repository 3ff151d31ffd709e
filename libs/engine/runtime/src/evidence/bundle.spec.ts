import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '@qiyue/engine';
import type { LedgerDocument } from '../ledger/documents';
import { streamOf } from '../testing/streams';
import { newSigningKey, signCheckpoint, FIRST_PREV, type SignedCheckpoint } from './checkpoint';
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
      ...{ ok: true, state: 'proven', entity: 'b', records: 6, coveredRecords: 5, findings: [] },
      checkpoint: { n: 1, time: '2024-07-01T08:00:00.000+08:00', keyId: key.public.keyId },
    });
  });

  it('without a checkpoint proves the links only, and nothing to someone who asks for a key', () => {
    const bare = asFile(evidenceBundleOf('b', STREAM, null));
    expect(verifyBundle(bare)).toMatchObject({ ok: true, state: 'linked', coveredRecords: 0, checkpoint: null });
    expect(verifyBundle(bare, key.public.keyId)).toMatchObject({ ok: false, state: 'linked' });
  });

  it('tells a trusted key that is mistyped from a digit that is wrong in the file', () => {
    const mistyped = `${key.public.keyId.slice(0, -1)}${key.public.keyId.endsWith('0') ? '1' : '0'}`;
    expect(verifyBundle(asFile(good), mistyped)).toMatchObject({ ok: false, state: 'other-key', checkpoint: { keyId: key.public.keyId } });
    const wrongDigit = good.records.map((record, i) => (i === 1 ? record.replace('08:00:02', '08:00:03') : record));
    for (const trusted of [undefined, mistyped, key.public.keyId])
      expect(verifyBundle(asFile(good, { records: wrongDigit }), trusted)).toMatchObject({ ok: false, state: 'damaged', findings: [{ seq: 2 }, {}] });
  });

  it('names a suite that this version does not know, and calls nothing forged for it', () => {
    const body = { ...(JSON.parse(good.checkpoint?.canonical ?? '') as object), suite: 'sm-1' };
    const checkpoint = { ...(good.checkpoint as SignedCheckpoint), canonical: canonicalJson(body) };
    expect(verifyBundle(asFile(good, { checkpoint }))).toMatchObject({ findings: [{ detail: 'the checkpoint cannot be read by this version' }] });
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
