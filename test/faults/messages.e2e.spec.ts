import { describe, expect, it } from '@jest/globals';
import { messagesCampaign } from '@qiyue/campaign';

/** The short form of `npm run campaign -- messages`. */
describe('messages that nobody should have sent', () => {
  it('hold up neither intake nor projections nor notifications: behind each a good command comes through', async () => {
    const { troubles, rows } = await messagesCampaign({ messages: 600, seed: Date.now() % 1_000_000 });
    expect(troubles).toEqual([]);
    expect(rows.map(({ topics, mutated }) => [topics, mutated])).toEqual([
      ['uncompressed', 300],
      ['producer', 300],
    ]);
  }, 240_000);
});
