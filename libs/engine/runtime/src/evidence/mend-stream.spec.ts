import { describe, expect, it } from '@jest/globals';
import type { LedgerDocument } from '../ledger/documents';
import { streamOf } from '../testing/streams';
import { mendStream, type StreamEvidence } from './mend-stream';

const STREAM = streamOf('a', 6);
const FORGED = streamOf('a', 6, 'another story');
const without = (...seqs: number[]) => STREAM.filter(({ seq }) => !seqs.includes(seq));
const changed = (seq: number, change: Partial<LedgerDocument>) => STREAM.map((one) => (one.seq === seq ? { ...one, ...change } : one));
const end = (stream: readonly LedgerDocument[], seq: number) => ({ seq, hash: stream[seq - 1]?.hash ?? '' });
const mend = (evidence: Partial<StreamEvidence>) => mendStream('a', { held: STREAM, copies: STREAM, anchors: [], owedSeq: 6, ...evidence });
const whole = { ok: true, stream: STREAM };

describe('a stream that is put together again', () => {
  it.each<[string, Partial<StreamEvidence>]>([
    ['a record that was deleted', { held: without(3) }],
    ['the first one', { held: without(1) }],
    ['the last one, which the feed has seen', { held: without(6) }],
    ['all of them', { held: [] }],
    ['bytes that were changed', { held: changed(3, { canonical: STREAM[2]?.canonical.replace('"note":""', '"note":"x"') ?? '' }) }],
    ['a field beside the bytes', { held: changed(3, { actorId: 'eve' }) }],
    ['a record under another name', { held: changed(3, { entity: 'b' }) }],
    ['an end that was cut off from the feed too, and that the workflow knows', { held: without(6), owedSeq: 5, anchors: [end(STREAM, 6)] }],
    ['a topic that somebody else wrote to as well', { held: without(3), copies: [...STREAM, ...FORGED], anchors: [end(STREAM, 6)] }],
  ])('is whole again without %s', (_, evidence) => {
    expect(mend(evidence)).toEqual(whole);
  });

  it.each<[string, Partial<StreamEvidence>, object]>([
    ['nobody has the record', { held: without(3), copies: without(3) }, { why: 'does-not-close', seq: 3 }],
    ['the copy is of another history', { held: without(3), copies: FORGED.slice(2, 3) }, { why: 'does-not-close', seq: 3 }],
    ['what was signed is another record', { anchors: [end(FORGED, 4)] }, { why: 'contradicts-witness', seq: 4 }],
    ['two histories fit and nobody knows which', { held: FORGED }, { why: 'ambiguous', seq: 1 }],
    ['two ends fit behind the same beginning', { held: [...STREAM.slice(0, 5), ...otherEnd()], copies: STREAM }, { why: 'ambiguous', seq: 6 }],
    ['the workflow knows more than anybody has', { anchors: [{ seq: 7, hash: 'f'.repeat(64) }] }, { why: 'does-not-close', seq: 7 }],
  ])('stays as it is when %s', (_, evidence, answer) => {
    expect(mend(evidence)).toEqual({ ok: false, ...answer });
  });
  function otherEnd(): readonly LedgerDocument[] {
    return streamOf('a', 6, '', (seq) => (seq === 6 ? 'another end' : '')).slice(5);
  }

  it('does not grow by what only the topic has: anybody can make a record that fits behind the last', () => {
    expect(mend({ held: STREAM.slice(0, 5), owedSeq: 5 })).toEqual({ ok: true, stream: STREAM.slice(0, 5) });
  });

  it('does not wait for a planted record that is not even one', () => {
    const planted = { ...(STREAM[5] as LedgerDocument), _id: 'a:900', seq: 900 };
    expect(mend({ held: [...without(3), planted] })).toEqual(whole);
  });
});
