import { describe, expect, it } from '@jest/globals';
import { GENESIS_HASH, sealRecord } from '@qiyue/engine';
import { toCloudEvent, toLedgerDocument } from '@qiyue/engine-runtime';
import { judge, type Last } from './consumer-rule';

const event = (seq: number, prevHash: string, book = '山海经') =>
  toCloudEvent(
    toLedgerDocument(
      sealRecord({
        v: 1,
        aggregate: 'loan',
        entity: 'e',
        seq,
        type: 'LoanRenewed',
        time: '2026-11-23T08:00:00.000+08:00',
        actor: { id: 'a', role: 'r', unit: null },
        commandId: `c${seq}`,
        data: { book },
        prevHash,
      }),
    ),
  );
const one = event(1, GENESIS_HASH);
const two = event(2, one.hash);
const three = event(3, two.hash);
const after = ({ sequence, hash }: typeof one): Last => ({ seq: Number(sequence), hash });

describe('the rule of a consumer', () => {
  it('applies a topic that repeats itself exactly once and in order', () => {
    let last: Last | null = null;
    const applied: string[] = [];
    for (const seen of [one, one, two, one, two, three, three]) {
      if (judge(last, seen) !== 'apply') continue;
      applied.push(seen.id);
      last = after(seen);
    }
    expect(applied).toEqual(['e:1', 'e:2', 'e:3']);
  });
  it('sees a gap', () => {
    expect(judge(null, two)).toBe('gap');
    expect(judge(after(one), three)).toBe('gap');
  });
  it('sees another history under the same number, and one that is not linked to what it has', () => {
    const other = event(2, one.hash, '水经注');
    expect(judge(after(two), other)).toBe('fork');
    expect(judge(after(other), three)).toBe('fork');
    expect(judge(null, event(1, one.hash))).toBe('fork');
  });
});
