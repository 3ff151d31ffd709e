import { describe, expect, it } from '@jest/globals';
import { rollingUpgradeCampaign } from '@qiyue/campaign';

/** The short form of `npm run campaign -- upgrade`. */
describe('a rolling upgrade under load, with a changed rule', () => {
  it('loses, forks and turns away nothing when the change is declared, and answers diverged and loses nothing when it is not', async () => {
    const { troubles, rows } = await rollingUpgradeCampaign({ needs: 25 });
    expect(troubles).toEqual([]);
    expect(rows).toEqual([expect.objectContaining({ needs: 25, lost: 0 })]);
  }, 480_000);
});
