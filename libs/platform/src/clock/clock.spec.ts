import { describe, expect, it } from '@jest/globals';
import { clockOf, formatPace, pacedClock, parsePace, systemClock } from './clock';

const pace = { realMs: Date.parse('2026-01-05T01:00:00Z'), businessMs: Date.parse('2025-01-20T08:00:00+08:00'), factor: 60_000 };

describe('a rehearsal clock', () => {
  it('runs from its moment on, so many times as fast', () => {
    const realMs = Date.now() - 1_000;
    const clock = pacedClock({ ...pace, realMs });
    const [before, businessMs, after] = [Date.now(), clock.nowMs(), Date.now()];
    expect(businessMs).toBeGreaterThanOrEqual(pace.businessMs + (before - realMs) * pace.factor);
    expect(businessMs).toBeLessThanOrEqual(pace.businessMs + (after - realMs) * pace.factor);
    expect(clock.realMsUntil(clock.nowMs() + 600_000_000)).toBeGreaterThan(8_000);
    expect(clock.realMsUntil(pace.businessMs)).toBe(0);
  });
  it('is read from one setting, and nothing else is', () => {
    expect(parsePace('2026-01-05T01:00:00Z/2025-01-20T08:00:00+08:00/60000')).toEqual(pace);
    expect(parsePace(formatPace(pace))).toEqual(pace);
    for (const text of ['', 'x', '2026-01-05T01:00:00Z', '2026-01-05T01:00:00Z/2025-01-20T08:00:00+08:00/0', `${formatPace(pace)}/1`, 'a/b/60']) {
      expect(parsePace(text)).toBeNull();
    }
  });
  it('is refused over the data of a county, and in production', () => {
    const set = (database: string) => ({ QIYUE_REHEARSAL_CLOCK: pace, QIYUE_MONGODB_DATABASE: database });
    expect(() => clockOf(set('qiyue'), undefined)).toThrow('begins with "rehearsal"');
    expect(() => clockOf(set('rehearsal'), 'production')).toThrow('not in production');
    expect(clockOf(set('rehearsal-2'), undefined).pace).toEqual(pace);
  });
  it('is the machine’s where none is set', () => {
    expect(clockOf({ QIYUE_REHEARSAL_CLOCK: undefined, QIYUE_MONGODB_DATABASE: 'qiyue' })).toBe(systemClock);
    const [before, nowMs, after] = [Date.now(), systemClock.nowMs(), Date.now()];
    expect([nowMs >= before, nowMs <= after]).toEqual([true, true]);
  });
});
