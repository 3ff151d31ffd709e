import { describe, expect, it } from '@jest/globals';
import { VICTIMS, awayCampaign, faultsCampaign } from '@qiyue/campaign';

const COMMANDS_PER_VICTIM = 60;
/** Longer than a request waits for the broker: what is silent for so long has to be connected to anew. */
const AWAY_MS = 20_000;

/** The short forms of `npm run campaign -- faults` and `-- away`, on servers of their own. */
describe('the system under load', () => {
  it('loses, doubles and misplaces nothing when each of its processes is killed', async () => {
    const { troubles, rows, conditions } = await faultsCampaign({ commandsPerVictim: COMMANDS_PER_VICTIM, kills: 1 });
    expect(troubles).toEqual([]);
    expect(rows.map(({ victim, commands, kills }) => [victim, commands, kills])).toEqual(VICTIMS.map((victim) => [victim, COMMANDS_PER_VICTIM, 1]));
    expect(conditions['soundness']).toMatchObject({ acceptedCommands: VICTIMS.length * COMMANDS_PER_VICTIM });
  }, 480_000);

  it('takes commands while Kafka, then MongoDB stands still, and everything drains in order', async () => {
    const { troubles, rows } = await awayCampaign({ awayMs: AWAY_MS });
    expect(troubles).toEqual([]);
    expect(rows.map(({ away }) => away)).toEqual(['kafka', 'mongodb']);
  }, 240_000);
});
