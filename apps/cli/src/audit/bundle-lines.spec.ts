import { describe, expect, it } from '@jest/globals';
import type { BundleVerdict } from '@qiyue/engine-runtime';
import { bundleLines } from './bundle-lines';

process.env['QIYUE_LANG'] = 'en';

const proven: BundleVerdict = {
  ...{ ok: true, state: 'proven', entity: 'n1', records: 6, coveredRecords: 5, findings: [] },
  checkpoint: { n: 1, time: '2024-07-01T08:00:00.000+08:00', keyId: 'aaaa' },
};
const textOf = (verdict: Partial<BundleVerdict>, trusted?: string): string => bundleLines({ ...proven, ...verdict }, trusted).join('\n');

describe('what is said of a bundle of evidence', () => {
  it('is who signed it where everything holds', () => {
    expect(textOf({}, 'aaaa')).toContain('signed by key aaaa, which is the one that is trusted');
    expect(textOf({})).toContain('compare it with the one that was published');
  });

  it('is never that its records fit each other where a digit or the trusted key is wrong', () => {
    const damaged = textOf({ ok: false, state: 'damaged', coveredRecords: 0, checkpoint: null });
    const otherKey = textOf({ ok: false, state: 'other-key', coveredRecords: 0 }, 'bbbb');
    expect(damaged).toContain('NOT what was exported');
    expect(otherKey).toContain('is bbbb the one that was published, digit by digit?');
    for (const text of [damaged, otherKey]) expect(text).not.toContain('fit each other');
    expect(textOf({ state: 'linked', coveredRecords: 0, checkpoint: null })).toContain('nobody has signed them');
  });
});
