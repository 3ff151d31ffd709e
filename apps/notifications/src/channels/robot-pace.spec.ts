import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RobotPace } from './robot-pace';

describe('the pace of a robot', () => {
  it('takes twenty messages at once, and the next one a minute behind the first', () => {
    const pace = new RobotPace();
    for (let n = 0; n < 20; n += 1) {
      expect(pace.mayNow('r', 1_000 + n)).toBe(true);
      pace.took('r', 1_000 + n);
    }
    expect(pace.nextAtMs('r', 1_020)).toBe(61_000);
    expect([pace.mayNow('r', 60_999), pace.mayNow('r', 61_000)]).toEqual([false, true]);
    pace.took('r', 61_000);
    expect(pace.nextAtMs('r', 61_000)).toBe(61_001);
  });

  it('is every robot’s own', () => {
    const pace = new RobotPace(1);
    pace.took('r', 0);
    expect([pace.mayNow('r', 1), pace.mayNow('s', 1)]).toEqual([false, true]);
  });

  it('rests as long as the other side has said, and never shorter for being told twice', () => {
    const pace = new RobotPace();
    pace.hold('r', 600_000);
    pace.hold('r', 60_000);
    expect([pace.nextAtMs('r', 0), pace.nextAtMs('r', 700_000)]).toEqual([600_000, 700_000]);
  });

  it('never lets more than its count into any window, and never waits for nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 60 }), (waits) => {
        const pace = new RobotPace(3, 50);
        const sent: number[] = [];
        let nowMs = 0;
        for (const wait of waits) {
          nowMs += wait;
          const nextAtMs = pace.nextAtMs('r', nowMs);
          const within = sent.filter((atMs) => atMs > nowMs - 50).length;
          expect(nextAtMs === nowMs).toBe(within < 3);
          nowMs = nextAtMs;
          pace.took('r', nowMs);
          sent.push(nowMs);
        }
        for (const from of sent) expect(sent.filter((atMs) => atMs >= from && atMs < from + 50).length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
