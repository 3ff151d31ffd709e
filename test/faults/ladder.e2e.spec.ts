import { describe, expect, it } from '@jest/globals';
import { ladderCampaign, lateWhileAwayCampaign } from '@qiyue/campaign';

const NEEDS = 20;
const STEPS = 7;
const LADDER_MS = 32_000;
const AWAY_MS = 20_000;
/** That steps come, and not how fast this machine is just now: the long campaigns measure that. */
const LATE_MAX_MS = 8_000;

/** The short forms of `npm run campaign -- ladder` and `-- late-while-away`, on servers and a clock of their own. */
describe('deadlines that nobody meets', () => {
  it('climb the ladder once, in order and in time, when worker, Temporal and relay are killed', async () => {
    const { troubles, rows, conditions } = await ladderCampaign({ needs: NEEDS, ladderMs: LADDER_MS, kills: 1, lateMaxMs: LATE_MAX_MS });
    expect(troubles).toEqual([]);
    expect(rows[0]).toMatchObject({ step: 'all', count: NEEDS * STEPS });
    expect(conditions).toMatchObject({ late: 0, worker: 1, temporal: 1, relay: 1 });
  }, 180_000);

  it('are noticed in time while Kafka, then MongoDB stands still, and are on record once when it is back', async () => {
    const { troubles, rows } = await lateWhileAwayCampaign({ needs: NEEDS, awayMs: AWAY_MS, lateMaxMs: LATE_MAX_MS });
    expect(troubles).toEqual([]);
    expect(rows.map(({ away }) => away)).toEqual(['kafka', 'mongodb']);
  }, 240_000);
});
