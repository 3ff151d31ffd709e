import { describe, expect, it } from '@jest/globals';
import { HandedReceipts } from '../auth/handed-receipt';
import { RightsSeal } from '../auth/rights-seal';
import { isErasable } from './erasure';
import { Pseudonyms } from '@qiyue/privacy';

describe('an erasure', () => {
  it('is for persons: whatever key of our own lies beside theirs cannot be asked for', async () => {
    const asked: string[] = [];
    const keys = { of: (subject: string) => (asked.push(subject), Promise.resolve({ keyId: '0'.repeat(32), secret: Buffer.alloc(32) })) };
    await new Pseudonyms(keys).within('n');
    await new HandedReceipts(keys).seal(1, 'Bearer t', '{}');
    const rights = new RightsSeal({
      ...keys,
      has: () => Promise.resolve(true),
      byId: () => Promise.resolve(null),
      erase: () => Promise.resolve(null),
    });
    await rights.sign('apiKeys', { _id: 'k' });
    await rights.begin('apiKeys', 'k');
    await rights.closeAdoption();
    expect(asked).toHaveLength(5);
    expect(asked.filter(isErasable)).toEqual([]);
    expect(isErasable('r-1')).toBe(true);
  });
});
