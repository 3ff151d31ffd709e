import { describe, expect, it } from '@jest/globals';
import { sagasCampaign, VICTIMS } from '@qiyue/campaign';

const MERGES_PER_VICTIM = 6;

/** The short form of `npm run campaign -- sagas`. */
describe('commands over two streams', () => {
  it('have one answer each and leave nothing half done when any process or server is killed in the middle of them', async () => {
    const { troubles, rows } = await sagasCampaign({ mergesPerVictim: MERGES_PER_VICTIM, kills: 1, quiet: 0 });
    expect(troubles).toEqual([]);
    expect(rows.map(({ victim, kills }) => [victim, kills])).toEqual(VICTIMS.map((victim) => [victim, 1]));
  }, 480_000);
});
