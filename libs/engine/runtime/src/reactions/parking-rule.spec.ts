import { describe, expect, it } from '@jest/globals';
import { ParkingRule } from './parking-rule';

const PARK_AFTER_MS = 1_000;
const agoMs = (ms: number): number => Date.now() - ms;
const answers = () => Promise.resolve();
const isAway = () => Promise.reject(new Error('away'));

describe('a command without an outcome', () => {
  it.each([
    ['waits at first, whatever its entity answers', 'busy', 500, false],
    ['is parked when its entity turns it away for long', 'busy', 1_100, true],
    ['waits longer when nothing is known of it and nothing else gets through', 'unknown', 1_100, false],
    ['is parked then too, once Temporal answers', 'unknown', 3_100, true],
  ])('%s', async (_, answer, waitedMs, isDue) => {
    expect(await new ParkingRule(PARK_AFTER_MS, answers).isDue(answer, agoMs(waitedMs))).toBe(isDue);
  });

  it('waits for Temporal as long as it is away', async () => {
    expect(await new ParkingRule(PARK_AFTER_MS, isAway).isDue('unknown', agoMs(60_000))).toBe(false);
  });

  it('is parked soon when others get through', async () => {
    const rule = new ParkingRule(PARK_AFTER_MS, isAway);
    rule.noteOutcome();
    expect(await rule.isDue('unknown', agoMs(1_100))).toBe(true);
  });
});
