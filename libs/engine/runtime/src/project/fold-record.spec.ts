import { describe, expect, it } from '@jest/globals';
import type { RecordBody } from '@qiyue/engine';
import { streamOf } from '../testing/streams';
import { foldRecord, Poison, receivedFrom } from './fold-record';

const poisonOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof Poison ? [error.seq, error.why] : error;
  }
};

describe('a record of the ledger, before it is folded', () => {
  const [, second] = streamOf('e', 2, 'as it was');
  if (second === undefined) throw new Error('no record');

  it('is taken with the hash that covers it', () => {
    expect(receivedFrom(second)).toMatchObject({ body: { entity: 'e', seq: 2, data: { note: 'as it was' } }, hash: second.hash });
  });

  it('is poison when its content was changed under its hash, when its suite is not known, and when it cannot be read', () => {
    const forged = second.canonical.replace('as it was', 'as it never was');
    expect(poisonOf(() => receivedFrom({ ...second, canonical: forged }))).toEqual([2, 'its record in the ledger is not what was hashed']);
    const later = JSON.stringify({ ...(JSON.parse(second.canonical) as object), suite: 'of-2040' });
    expect(poisonOf(() => receivedFrom({ ...second, canonical: later }))).toEqual([2, expect.stringContaining('a suite that is not known')]);
    for (const canonical of ['', '{', 'null']) {
      expect(poisonOf(() => receivedFrom({ ...second, canonical }))).toEqual([2, 'its record in the ledger cannot be read']);
    }
  });
});

it('hands the fold the hash that is known, so that nobody computes it twice', () => {
  const seen: string[] = [];
  const model = { fold: (_: number | null, { seq }: RecordBody, hash: string) => (seen.push(hash), seq) };
  const stream = streamOf('e', 3);
  const document = stream.reduce<ReturnType<typeof foldRecord<number>> | null>((before, record) => {
    const { body, hash } = receivedFrom(record);
    return foldRecord(model, before, body, hash);
  }, null);
  expect(document).toEqual({ _id: 'e', seq: 3, hash: stream[2]?.hash, view: 3 });
  expect(seen).toEqual(stream.map(({ hash }) => hash));
});
