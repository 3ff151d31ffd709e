import { describe, expect, it } from '@jest/globals';
import { canonicalJson, FIRST_SUITE, sealRecord } from '@qiyue/engine';
import { toLedgerDocument, type LedgerDocument } from '../ledger/documents';
import { streamOf } from '../testing/streams';
import { fromCloudEvent, toCloudEvent } from '../feed/cloud-event';
import { verifyRecord } from './verify-record';

const [first] = streamOf('a', 1) as readonly [LedgerDocument];
const naming = (suite: string): LedgerDocument => {
  const canonical = canonicalJson({ ...(JSON.parse(first.canonical) as object), suite });
  return { ...first, canonical };
};

describe('the cryptographic suite of a record', () => {
  it('is the first where none is named, and may be named', () => {
    expect(first.canonical).not.toContain('suite');
    const named = toLedgerDocument(sealRecord({ ...(JSON.parse(first.canonical) as Parameters<typeof sealRecord>[0]), suite: FIRST_SUITE }));
    expect([verifyRecord(first, null), verifyRecord(named, null)]).toEqual([[], []]);
    expect(fromCloudEvent(JSON.stringify(toCloudEvent(named)))).toMatchObject({
      ok: true,
      record: { hash: named.hash, body: { suite: FIRST_SUITE } },
    });
  });

  it('is told where it is not known, and is no wrong hash', () => {
    expect(verifyRecord(naming('sm-1'), null)).toMatchObject([{ kind: 'malformed', detail: 'its cryptographic suite is not known to this version' }]);
    expect(fromCloudEvent(JSON.stringify(toCloudEvent(naming('sm-1'))))).toEqual({ ok: false, why: 'a cryptographic suite that is not known here' });
    expect(() => sealRecord({ ...(JSON.parse(first.canonical) as Parameters<typeof sealRecord>[0]), suite: 'sm-1' })).toThrow('sm-1');
  });

  it.each(['null', '7', '{}', '{"actor":null}', '{"suite":7}'])('is asked of bytes that are no record, too: %s', (canonical) => {
    expect(verifyRecord({ ...first, canonical }, null)).toHaveLength(1);
  });
});
